namespace Perenne.Hub.Evaluate;

/// <summary>A figure with its bootstrap interval over images, 95 %.</summary>
internal sealed record Figure(double Value, double? Low = null, double? High = null);

/// <param name="Ap">COCO's, IoU .50 to .95; null without an object.</param>
/// <param name="BestThreshold">Where F1 is highest.</param>
/// <param name="Precisions">At recall 0, 0.05 … 1 and IoU .5.</param>
internal sealed record ClassFigures(
    string Name, int Objects, double? Ap, double? Ap50, double? Ap33, double? Precision, double? Recall, double? F1, double? BestThreshold, IReadOnlyList<double> Precisions);

/// <summary>Precision, recall and F1 of all classes when every detection from this score on is kept.</summary>
internal sealed record CurvePoint(double Threshold, double Precision, double Recall, double F1);

/// <summary>What the plant sees at a threshold.</summary>
/// <param name="Escape">Defective images passed, of all defective.</param>
/// <param name="Overkill">Good images rejected, of all good.</param>
internal sealed record InspectionPoint(double Threshold, double Escape, double Overkill);

/// <param name="Kind">organization, camera, size, position, brightness.</param>
/// <param name="Objects">True objects in it.</param>
/// <param name="Recall">Of its objects.</param>
/// <param name="Escape">Null without a defective image, or where the slice is of objects.</param>
internal sealed record SliceFigures(string Kind, string Name, int Images, int Objects, double? Recall, double? Precision, Figure? Escape, Figure? Overkill);

internal sealed record CalibrationBin(double Low, double High, int Count, double? Score, double? HitRate);

/// <param name="Kind">brightness, blur, noise, jpeg, shift, scale.</param>
/// <param name="F1">At the model's thresholds, on the sample.</param>
internal sealed record RobustnessPoint(string Kind, double Level, double F1);

/// <param name="Headline">By name: precision, recall, F1, mAP, escape, overkill, accuracy, error …</param>
/// <param name="Coco">The 12 figures of COCO; −1 where nothing counts. Empty for tags and values.</param>
/// <param name="Confusion">Rows: true class, the last "nothing"; columns: predicted.</param>
internal sealed record EvaluationFigures(
    int Images, int Defective, int Good, int Objects, int Found, IReadOnlyList<string> Unreadable, IReadOnlyList<string> UnknownClasses, IReadOnlyDictionary<string, Figure> Headline, IReadOnlyList<double> Coco,
    IReadOnlyList<ClassFigures> Classes, IReadOnlyList<CurvePoint> Curve, IReadOnlyList<InspectionPoint> Inspection, IReadOnlyList<SliceFigures> Slices, IReadOnlyList<IReadOnlyList<int>> Confusion,
    IReadOnlyList<CalibrationBin> Calibration, double? CalibrationError, double? Brier, IReadOnlyList<RobustnessPoint> Robustness, IReadOnlyDictionary<string, int> Errors, double ImagesPerSecond);
