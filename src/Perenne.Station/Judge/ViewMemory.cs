using Perenne.Imaging;

namespace Perenne.Station.Judge;

/// <summary>One view that is normal for a camera: a product, or a place of the camera. See <see cref="ViewReference.ToBytes"/>.</summary>
internal sealed record KnownView(byte[] Reference, ViewProfile Profile);

/// <summary>
/// The views that are normal for one camera, learnt from the frames that passed, so that a frame whose view is covered is found. Cameras that see
/// another part each time have no such view: that is found out too, and they are not judged by one.
/// </summary>
internal sealed class ViewMemory
{
    /// <summary>More products than this do not stay at one camera.</summary>
    private const int MostViews = 8;

    /// <summary>A camera whose view was not fixed is looked at again when its frames have doubled, up to here.</summary>
    private const int LastTry = 500;

    private readonly Lock gate = new();
    private readonly Action<ViewMemory, IReadOnlyList<KnownView>> learnt;
    private volatile IReadOnlyList<(ViewReference Reference, KnownView View)> views;
    private List<ViewReference> samples = [];
    private int accepted, due = QualityThresholds.Default.ProfileImages;
    private volatile bool isLearning;

    /// <param name="known">What was learnt before.</param>
    /// <param name="learnt">Told the views whenever they changed; on another thread.</param>
    public ViewMemory(IReadOnlyList<KnownView> known, Action<ViewMemory, IReadOnlyList<KnownView>> learnt)
    {
        this.learnt = learnt;
        views = [.. known.Select(v => (ViewReference.FromBytes(v.Reference), v))];
        isLearning = known.Count == 0;
    }

    /// <summary>The frame beside the view it is most like; null while nothing is known, where the view is not fixed, or where it cannot be compared (another shape).</summary>
    public (ViewComparison Comparison, ViewProfile Normal)? Compare(GrayImage reduced)
    {
        IReadOnlyList<(ViewReference Reference, KnownView View)> known = views;
        if (known.Count == 0 || isLearning)
            return null;
        ViewReference current = ViewReference.Of(reduced);
        (ViewComparison Comparison, ViewProfile Normal)? best = null;
        double most = -1;
        foreach ((ViewReference reference, KnownView view) in known)
        {
            if (ViewMatcher.Compare(reference, current) is not { } seen || seen.Visible / view.Profile.MedianVisible is var share && share <= most)
                continue;
            (best, most) = ((seen, view.Profile), seen.Visible / view.Profile.MedianVisible);
            if (seen.Visible >= view.Profile.VisibleLimit(QualityThresholds.Default))
                break;
        }

        return best;
    }

    /// <summary>A frame that passed. Nothing is done with most of them.</summary>
    public void Teach(GrayImage reduced)
    {
        if (!isLearning)
            return;
        lock (gate)
        {
            if (!isLearning || ++accepted <= due - ViewProfile.Samples)
                return;
            samples.Add(ViewReference.Of(reduced));
            if (accepted < due)
                return;
            List<ViewReference> taken = samples;
            (samples, due) = ([], 2 * due);
            // Half a second of work: the next frame does not wait for it.
            Task.Run(() => Learn(taken));
        }
    }

    /// <summary>The next frames show a view that is normal as well: it is learnt beside those that are known. Until then no frame is judged by its view.</summary>
    public void LearnAnother()
    {
        lock (gate)
            (accepted, due, samples, isLearning) = (0, QualityThresholds.Default.ProfileImages, [], true);
    }

    private void Learn(List<ViewReference> from)
    {
        (ViewReference? best, ViewProfile profile) = ViewProfile.Choose(from);
        lock (gate)
        {
            bool found = best is not null && profile.IsFixed;
            if (found)
                views = [.. views.TakeLast(MostViews - 1), (best!, new KnownView(best!.ToBytes(), profile))];
            // With no view at all, and without one where others are known, it is tried again for a while.
            isLearning = !found && due <= LastTry;
            if (!found)
                return;
        }

        learnt(this, [.. views.Select(v => v.View)]);
    }
}
