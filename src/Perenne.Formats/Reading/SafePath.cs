namespace Perenne.Formats;

/// <summary>File names of data sets come from strangers: only relative ones below the root are taken.</summary>
internal static class SafePath
{
    /// <summary>The name with forward slashes and without <c>.</c> steps; false where it is empty, absolute, climbs, or holds control characters.</summary>
    public static bool TryNormalize(string? name, out string normalized)
    {
        normalized = "";
        if (string.IsNullOrWhiteSpace(name) || name.Length > 4096)
            return false;
        bool plain = true;
        foreach (char c in name)
        {
            if (c < ' ' || c == 0x7f)
                return false;
            plain &= c is not ('\\' or '/' or ':' or '.');
        }
        if (plain)
        {
            normalized = name;
            return true;
        }
        string forward = name.Replace('\\', '/');
        if (forward[0] == '/' || (forward.Length > 1 && forward[1] == ':'))
            return false;
        string[] steps = forward.Split('/');
        if (Array.Exists(steps, s => s.Trim() == ".."))
            return false;
        normalized = string.Join('/', steps.Where(s => s.Length > 0 && s != "."));
        return normalized.Length > 0;
    }

    public static DatasetProblem Problem(string file, string location, string? name) =>
        new(file, location, $"the file name \"{name}\" leads outside the data set or is empty", "a relative path without \"..\"");
}
