namespace Perenne.Imaging;

/// <param name="Visible">Share of the reference's details that are found again where the common motion puts them, 0..1.</param>
/// <param name="CornerShift">Largest shift of a picture corner under that motion, as a share of the diagonal; NaN when no motion was found.</param>
/// <param name="Inliers">Details that agree on the motion.</param>
public sealed record ViewComparison(double Visible, double CornerShift, int Inliers);
