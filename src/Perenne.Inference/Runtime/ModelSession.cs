using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Perenne.Contracts.Models;
using Perenne.Imaging;

namespace Perenne.Inference;

/// <summary>
/// A network in memory. Any number of threads may call <see cref="Predict(Frame)"/> at once; tensors are pooled, nothing is allocated
/// per frame but the answer. Dispose it only when no call is under way (see <see cref="ModelServer"/>).
/// </summary>
public sealed class ModelSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly InputWriter writer;
    private readonly WorkspacePool pool;
    private readonly HeadSpec spec;
    private readonly string[] inputNames;
    private readonly int fixedBatch, maxBatch;

    /// <summary>Loads the network of a package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="settings">Null: CPU, one thread per processor.</param>
    /// <exception cref="ModelPackageException">The network or the execution provider cannot be used; the message says why.</exception>
    public ModelSession(ModelPackage package, SessionSettings? settings = null)
    {
        settings ??= new SessionSettings();
        Package = package;
        session = SessionLoader.Load(package, settings);
        try
        {
            OnnxSignature.Check(session, package.Manifest);
            spec = new HeadSpec(package.Manifest, [.. session.OutputMetadata.Keys], settings);
            fixedBatch = OnnxSignature.BatchOf(session, package.Manifest.Input);
        }
        catch
        {
            session.Dispose();
            throw;
        }
        maxBatch = fixedBatch > 0 ? fixedBatch : Math.Max(1, settings.MaxBatch);
        inputNames = [package.Manifest.Input.Name];
        writer = new InputWriter(package.Manifest.Input);
        pool = new WorkspacePool(writer.Channels);
    }

    /// <summary>The package it was loaded from.</summary>
    public ModelPackage Package { get; }

    /// <summary>Its description.</summary>
    public ModelManifest Manifest => Package.Manifest;

    /// <summary>The network's input as it declares it.</summary>
    public TensorDeclaration Input => Declared(inputNames[0], session.InputMetadata[inputNames[0]]);

    /// <summary>The network's outputs as it declares them.</summary>
    public IReadOnlyList<TensorDeclaration> Outputs => [.. session.OutputMetadata.Select(o => Declared(o.Key, o.Value))];

    /// <summary>True when several images can share a run.</summary>
    public bool CanBatch => fixedBatch != 1;

    /// <summary>Judges one image.</summary>
    /// <param name="image">Upright pixels, any layout; 16 bit is cut to its upper 8.</param>
    /// <param name="reference">For models with a reference channel: the aligned defect-free image, same size.</param>
    /// <exception cref="FrameException">The model cannot take this frame.</exception>
    public Prediction Predict(PixelBuffer image, PixelBuffer? reference = null) => Predict([new Frame(image, reference)])[0];

    /// <summary>Judges one frame.</summary>
    /// <exception cref="FrameException">The model cannot take this frame.</exception>
    public Prediction Predict(Frame frame) => Predict([frame])[0];

    /// <summary>Judges several frames; those that need the same tensor size share runs where the network allows it.</summary>
    /// <returns>One answer per frame, in order.</returns>
    /// <exception cref="FrameException">The model cannot take one of the frames; none is judged then.</exception>
    public Prediction[] Predict(IReadOnlyList<Frame> frames)
    {
        FrameWork[] work = new FrameWork[frames.Count];
        try
        {
            for (int i = 0; i < work.Length; i++)
                work[i] = new FrameWork(spec, frames[i]);
            IEnumerable<(FrameWork Frame, int Tile)> items = work.SelectMany(w => Enumerable.Range(0, w.Tiles.Length).Select(t => (w, t)));
            foreach (IGrouping<(int, int), (FrameWork Frame, int Tile)> size in items.GroupBy(i => (i.Frame.Tiles[i.Tile].Height, i.Frame.Tiles[i.Tile].Width)))
                foreach ((FrameWork Frame, int Tile)[] chunk in size.Chunk(maxBatch))
                    Run(chunk, size.Key);
            return [.. work.Select(w => w.Finish())];
        }
        finally
        {
            foreach (FrameWork? w in work)
                w?.Dispose();
        }
    }

    /// <summary>Runs the network on a tensor as it is, for programs that prepare and decode themselves.</summary>
    /// <param name="shape">Batch, channels, height, width.</param>
    /// <param name="data">As many numbers as the shape says.</param>
    /// <param name="outputs">Names of the outputs wanted; empty: all.</param>
    /// <exception cref="FrameException">Shape, data or names do not fit; the message says which.</exception>
    public IReadOnlyList<RawTensor> Run(IReadOnlyList<long> shape, float[] data, IReadOnlyCollection<string> outputs)
    {
        RawRun.Check(Input, shape, data.Length);
        if (outputs.FirstOrDefault(o => !session.OutputMetadata.ContainsKey(o)) is { } unknown)
            throw new FrameException($"The model has no output '{unknown}'; its outputs are {OnnxSignature.List(session.OutputMetadata.Keys)}.");
        return RawRun.Go(session, runOptions, inputNames[0], shape, data, outputs.Count > 0 ? [.. outputs] : [.. session.OutputMetadata.Keys]);
    }

    /// <summary>Runs on an empty image: finds every disagreement between description and network that only shows in a run, and warms up.</summary>
    /// <exception cref="ModelPackageException">Description and network do not agree.</exception>
    public void DryRun()
    {
        using PixelBuffer empty = new(Manifest.Input.Width, Manifest.Input.Height, PixelLayout.Gray8);
        empty.Bytes.Clear();
        try
        {
            Predict(empty, Manifest.Input.Reference ? empty : null);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelPackageException($"{ModelPackage.ModelFile} fails on an image of {empty.Width} × {empty.Height}: {e.Message}", e);
        }
    }

    private void Run((FrameWork Frame, int Tile)[] items, (int Height, int Width) size)
    {
        Workspace workspace = pool.Rent(fixedBatch > 0 ? fixedBatch : items.Length, size.Height, size.Width);
        bool good = false;
        try
        {
            int length = writer.Channels * size.Height * size.Width;
            for (int i = 0; i < items.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                items[i].Frame.Write(writer, items[i].Tile, workspace.Input.AsSpan(i * length, length));
                items[i].Frame.Prepare += Stopwatch.GetElapsedTime(start);
            }
            long run = Stopwatch.GetTimestamp();
            workspace.Run(session, runOptions, inputNames, spec.Names);
            TimeSpan ran = Stopwatch.GetElapsedTime(run);
            for (int i = 0; i < items.Length; i++)
                items[i].Frame.Read(workspace.Outputs, i, items[i].Tile, ran);
            good = true;
        }
        finally
        {
            // After a failure the tensors may be half-written or of an unexpected shape: they are not used again.
            if (good)
                pool.Return(workspace);
            else
                workspace.Dispose();
        }
    }

    private static TensorDeclaration Declared(string name, NodeMetadata node) => new(name, [.. node.Dimensions.Select(d => (long)Math.Max(-1, d == 0 ? -1 : d))]);

    /// <summary>Frees the network and its tensors.</summary>
    public void Dispose()
    {
        pool.Dispose();
        runOptions.Dispose();
        session.Dispose();
    }
}
