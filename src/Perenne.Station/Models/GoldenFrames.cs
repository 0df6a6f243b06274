using Perenne.Contracts.Models;
using Perenne.Imaging;
using Perenne.Inference;
using Perenne.Station.Judge;
using Perenne.Station.Spool;

namespace Perenne.Station.Models;

/// <summary>
/// A few frames of this station's own cameras. A new model must judge each of them, twice the same, before it is put in place:
/// a package that fails on this machine or on these cameras' pictures never decides about a part.
/// </summary>
internal sealed class GoldenFrames(string folder)
{
    private const int Most = 8;
    private int kept = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.golden").Length : 0;

    /// <summary>Keeps the first good frames.</summary>
    public void Offer(Arrival arrival)
    {
        if (kept >= Most || Interlocked.Increment(ref kept) is var n && n > Most)
            return;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{n}.golden");
        try
        {
            if (arrival.Reference is { } reference)
                DurableFile.Write(path + ".reference", reference);
            DurableFile.Write(path, arrival.File);
        }
        catch (IOException)
        {
            // A full disk: golden frames are a help, not a need.
        }
    }

    /// <exception cref="ModelPackageException">The model does not judge this station's frames.</exception>
    public void Test(ModelPackage package)
    {
        using ModelSession session = new(package, new SessionSettings { Threads = 1 });
        foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.golden") : [])
        {
            byte[]? reference = File.Exists(path + ".reference") ? File.ReadAllBytes(path + ".reference") : null;
            using DecodedFrame frame = DecodedFrame.Of(new Arrival { Camera = "", File = File.ReadAllBytes(path), CapturedAt = default, Reference = reference });
            if (frame.Image is not { } image || (package.Manifest.Input.Reference && frame.Reference is null))
                continue;
            Compare(session, path, image, frame.Reference);
        }
    }

    private static void Compare(ModelSession session, string path, PixelBuffer image, PixelBuffer? reference)
    {
        Prediction first, second;
        try
        {
            (first, second) = (session.Predict(image, reference), session.Predict(image, reference));
        }
        catch (FrameException e)
        {
            throw new ModelPackageException($"Self-test: the model cannot take this station's frame {Path.GetFileName(path)}: {e.Message}", e);
        }
        bool finite = first.Detections.All(d => double.IsFinite(d.Score)) && first.Tags.All(double.IsFinite) && (session.Manifest.Task != ModelTask.Regress || double.IsFinite(first.Value ?? double.NaN));
        if (!finite || first.Verdict != second.Verdict || !first.Detections.SequenceEqual(second.Detections))
            throw new ModelPackageException($"Self-test: the model's answers about this station's frame {Path.GetFileName(path)} are not finite or not the same twice.");
    }
}
