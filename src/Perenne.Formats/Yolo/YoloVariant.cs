namespace Perenne.Formats.Yolo;

/// <summary>What the numbers of a row mean.</summary>
internal enum YoloVariant
{
    /// <summary>class cx cy w h [score]</summary>
    Detect,

    /// <summary>class x1 y1 … x4 y4 [score]; or DOTA's x1 y1 … x4 y4 name [difficult] in pixels.</summary>
    Obb,

    /// <summary>class x1 y1 x2 y2 x3 y3 …; rows of five numbers are boxes.</summary>
    Segment,
}
