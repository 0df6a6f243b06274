using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Tests.Collect;

/// <summary>Image rows without files, for tests of queries.</summary>
internal static class Images
{
    private static readonly IdSource Ids = new(TimeProvider.System);

    public static Image New(TestOrganization organization, TestProject project, int number, long? hash = null, (string Hash, int Width, int Height)? file = null) => new()
    {
        Id = Ids.Next(),
        OrganizationId = organization.Id,
        ProjectId = project.Id,
        ContentHash = file?.Hash ?? number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture),
        FileName = $"board-{number}.jpg",
        Format = file is null ? "jpeg" : "png",
        Bytes = 1000 + number,
        Width = file?.Width ?? 640,
        Height = file?.Height ?? 480,
        BitDepth = 8,
        Channels = 1,
        Orientation = 1,
        SearchText = $"board-{number}.jpg",
        // Pictures to learn from look like no other: near duplicates share a part of the split, and found before the version was made they could all be in test.
        PerceptualHash = hash ?? (file is null ? number : unchecked((long)((ulong)(number + 1) * 0x9E37_79B9_7F4A_7C15))),
        Quality = ImageQuality.Usable,
        QualityScore = 1,
        QualityReasons = "",
        ArrivedAt = TimeProvider.System.GetUtcNow(),
    };
}
