namespace Perenne.Vision.Geometry;

/// <summary>A position in upright image pixels: (0,0) is the upper-left corner of the upper-left pixel, x right, y down.</summary>
public readonly record struct ImagePoint(double X, double Y);

/// <summary>A position on the screen in CSS pixels, relative to the canvas. Never mixed with <see cref="ImagePoint"/>.</summary>
public readonly record struct ViewPoint(double X, double Y);

/// <summary>Width and height of an image in whole pixels.</summary>
public readonly record struct ImageSize(int Width, int Height);
