using Perenne.Vision.Geometry;

namespace Perenne.Vision.Metrics;

/// <summary>IoU and area of detections and objects by their position in the input.</summary>
internal abstract class CocoOverlap
{
    public static CocoOverlap Create(OverlapKind kind, ReadOnlyMemory<GroundTruth> truth, ReadOnlyMemory<Detection> detections) =>
        kind switch
        {
            OverlapKind.Mask => new Masks(truth.Span, detections.Span),
            OverlapKind.RotatedBox => new RotatedBoxes(truth, detections),
            _ => new Boxes(truth, detections),
        };

    /// <summary>Writes the IoU of one detection with each of the objects.</summary>
    public abstract void Row(int detection, ReadOnlySpan<int> objects, Span<double> ious);

    public abstract double DetectionArea(int detection);

    private sealed class Boxes(ReadOnlyMemory<GroundTruth> truth, ReadOnlyMemory<Detection> detections) : CocoOverlap
    {
        public override double DetectionArea(int detection) => detections.Span[detection].Box.Area;

        public override void Row(int detection, ReadOnlySpan<int> objects, Span<double> ious)
        {
            Box box = detections.Span[detection].Box;
            ReadOnlySpan<GroundTruth> all = truth.Span;
            for (int g = 0; g < objects.Length; g++)
            {
                ref readonly GroundTruth other = ref all[objects[g]];
                ious[g] = BoxIou.Of(box, other.Box, other.IsCrowd);
            }
        }
    }

    private sealed class RotatedBoxes(ReadOnlyMemory<GroundTruth> truth, ReadOnlyMemory<Detection> detections) : CocoOverlap
    {
        public override double DetectionArea(int detection) => AreaOf(Of(detections.Span[detection]));

        public override void Row(int detection, ReadOnlySpan<int> objects, Span<double> ious)
        {
            RotatedBox found = Of(detections.Span[detection]);
            for (int g = 0; g < objects.Length; g++)
            {
                ref readonly GroundTruth o = ref truth.Span[objects[g]];
                RotatedBox other = o.Rotated?.Box ?? Upright(o.Box);
                double iou = ShapeIou.OfRotated(found, other);
                // Against a crowd the union is the detection: I / A follows from I / (A + B − I).
                ious[g] = o.IsCrowd && iou > 0 ? Math.Min(1, iou / (1 + iou) * (1 + AreaOf(other) / AreaOf(found))) : iou;
            }
        }

        private static RotatedBox Of(in Detection detection) => detection.Rotated?.Box ?? Upright(detection.Box);

        private static RotatedBox Upright(Box b) => new(b.X + b.Width / 2, b.Y + b.Height / 2, b.Width, b.Height, 0);

        private static double AreaOf(RotatedBox box) => box.Width * box.Height;
    }

    private sealed class Masks : CocoOverlap
    {
        private readonly Measured[] truth;
        private readonly Measured[] detections;
        private readonly bool[] crowd;

        public Masks(ReadOnlySpan<GroundTruth> truth, ReadOnlySpan<Detection> detections)
        {
            this.truth = new Measured[truth.Length];
            crowd = new bool[truth.Length];
            for (int i = 0; i < truth.Length; i++)
                (this.truth[i], crowd[i]) = (Measured.Of(truth[i].Mask, "object", i), truth[i].IsCrowd);
            this.detections = new Measured[detections.Length];
            for (int i = 0; i < detections.Length; i++)
                this.detections[i] = Measured.Of(detections[i].Mask, "detection", i);
        }

        public override double DetectionArea(int detection) => detections[detection].Area;

        public override void Row(int detection, ReadOnlySpan<int> objects, Span<double> ious)
        {
            ref readonly Measured d = ref detections[detection];
            for (int g = 0; g < objects.Length; g++)
            {
                ref readonly Measured other = ref truth[objects[g]];
                // Most pairs are apart: their bounds tell without walking the runs. Sizes are compared all the same.
                if (d.Mask.Size == other.Mask.Size && BoxIou.IntersectionArea(d.Bounds, other.Bounds) == 0)
                {
                    ious[g] = 0;
                    continue;
                }
                long intersection = MaskOperations.IntersectionArea(d.Mask, other.Mask);
                long union = crowd[objects[g]] ? d.Area : d.Area + other.Area - intersection;
                ious[g] = intersection == 0 ? 0 : (double)intersection / union;
            }
        }

        private readonly record struct Measured(RunLengthMask Mask, Box Bounds, long Area)
        {
            public static Measured Of(RunLengthMask? mask, string what, int position) => mask is null
                ? throw new ArgumentException($"The {what} at position {position} has no mask; every one needs it when masks are evaluated.")
                : new Measured(mask, MaskOperations.Bounds(mask) ?? default, mask.Area);
        }
    }
}
