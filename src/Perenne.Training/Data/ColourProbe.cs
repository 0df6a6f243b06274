using Perenne.Contracts.Jobs;
using Perenne.Imaging;

namespace Perenne.Training.Data;

/// <summary>Whether a set of images is in colour, from the headers of a few of them.</summary>
internal static class ColourProbe
{
    private const int Looked = 32;

    public static bool IsColoured(string folder, IReadOnlyList<TrainingSample> samples)
    {
        int step = Math.Max(1, samples.Count / Looked);
        for (int i = 0; i < samples.Count; i += step)
        {
            string path = Path.Combine(folder, samples[i].Path);
            if (!File.Exists(path))
                continue;
            using ImageSource source = ImageSource.FromFile(path);
            if (ImageProbe.Probe(source) is { Accepted: true, Facts.Color: not ColorModel.Gray })
                return true;
        }
        return false;
    }
}
