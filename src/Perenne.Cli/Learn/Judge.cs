using Perenne.Cli.Commands;
using Perenne.Contracts.Serving;
using Perenne.Imaging;
using Perenne.Inference;
using Perenne.Serving;

namespace Perenne.Cli.Learn;

/// <summary>Runs a model over files.</summary>
internal sealed class Judge(ModelSession session) : IDisposable
{
    /// <param name="floor">Lowest score, in [0, 1]; null: that for measuring.</param>
    /// <exception cref="CommandException">The package cannot be used.</exception>
    public static Judge Open(string folder, double? floor = null)
    {
        try
        {
            ModelPackage package = ModelPackage.Read(folder);
            return new Judge(new ModelSession(package, new SessionSettings { ScoreFloor = floor ?? SessionSettings.EvaluationFloor(package.Manifest), Spin = true }));
        }
        catch (ModelPackageException e)
        {
            throw new CommandException(e.Message);
        }
    }

    public Contracts.Models.ModelManifest Manifest => session.Manifest;

    /// <exception cref="CommandException">The image cannot be judged.</exception>
    public Prediction Predict(string file, string? reference) => Judged(file, reference, (_, said) => said);

    /// <summary>The answer as POST /predict gives it.</summary>
    /// <exception cref="CommandException">The image cannot be judged.</exception>
    public PredictAnswer Answer(string file, string? reference) =>
        Judged(file, reference, (image, said) => PredictAnswers.Of(new ModelIdentity(Manifest.Name, "local"), new Judgement(said, session.Package, TimeSpan.Zero), image));

    private T Judged<T>(string file, string? reference, Func<PixelBuffer, Prediction, T> answer)
    {
        using PixelBuffer image = Decode(file);
        using PixelBuffer? clean = Manifest.Input.Reference && reference is not null ? Decode(reference) : null;
        try
        {
            return answer(image, session.Predict(image, clean));
        }
        catch (FrameException e)
        {
            throw new CommandException($"{file}: {e.Message}");
        }
        catch (ModelPackageException e) // Found out when it runs: outputs of another shape than the manifest says.
        {
            throw new CommandException(e.Message);
        }
    }

    public void Dispose() => session.Dispose();

    /// <exception cref="CommandException">No readable image.</exception>
    internal static PixelBuffer Decode(string file)
    {
        using ImageSource source = ImageSource.FromFile(file);
        ProbeResult probe = ImageProbe.Probe(source, file);
        DecodeResult decoded = probe.Accepted ? ImageDecoder.Decode(source, probe.Facts) : new DecodeResult(null, probe.Refusal);
        return decoded.Pixels ?? throw new CommandException($"{file}: {decoded.Refusal!.Sentence}");
    }
}
