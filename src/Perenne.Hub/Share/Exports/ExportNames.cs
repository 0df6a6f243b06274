using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Perenne.Contracts.Collect;

namespace Perenne.Hub.Share.Exports;

/// <summary>
/// File names inside a data set: the path an image was imported from, else a name with its hash. Two images never share one, also where a
/// format drops the extension; the names depend on the images and their order alone.
/// </summary>
internal sealed class ExportNames(bool severalOrganizations)
{
    // Hashes instead of names: 8 bytes an image. Two names with one hash only mean that the second is lengthened.
    private readonly HashSet<ulong> taken = [];

    public string Of(ExportedImage image)
    {
        string name = image.Path ?? $"{image.Organization}/{image.Hash[..8]}-{image.FileName}";
        if (severalOrganizations && image.Path is not null)
            name = $"{image.Organization}/{name}";
        return Take(name) ? name : Lengthened(name, image);
    }

    private string Lengthened(string name, ExportedImage image)
    {
        string stem = Path.ChangeExtension(name, null), extension = Path.GetExtension(name);
        for (int number = 1; ; number++)
        {
            string other = $"{stem}-{image.Hash[..12]}{(number == 1 ? "" : "-" + number.ToString(CultureInfo.InvariantCulture))}{extension}";
            if (Take(other))
                return other;
        }
    }

    private bool Take(string name) => taken.Add(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(Path.ChangeExtension(name, null).ToUpperInvariant())));
}
