namespace Perenne.TestSupport;

/// <summary>Finds the real data and golden files beside the project's root. Skipped on a laptop, a failure in CI.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Find();

    /// <summary>Absolute path of <paramref name="relative"/> below <c>shared/</c>; skips the test where the folder is missing.</summary>
    public static string Require(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, relative);
        if (path is not null && (File.Exists(path) || Directory.Exists(path)))
            return path;
        string message = $"../shared/{relative} is not on this machine.";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail(message + " In CI it must be.");
        Assert.Skip(message);
        return "";
    }

    /// <summary>The repository's root: the folder that holds Perenne.slnx.</summary>
    public static string RepositoryRoot { get; } = FindUp(AppContext.BaseDirectory, d => File.Exists(Path.Combine(d, "Perenne.slnx")))
        ?? throw new InvalidOperationException("Tests run from inside the repository.");

    private static string? Find()
    {
        string? set = Environment.GetEnvironmentVariable("PERENNE_SHARED");
        if (set is not null && Directory.Exists(set))
            return set;
        string? parent = FindUp(AppContext.BaseDirectory, d => Directory.Exists(Path.Combine(d, "shared", "golden")));
        return parent is null ? null : Path.Combine(parent, "shared");
    }

    private static string? FindUp(string start, Func<string, bool> matches)
    {
        for (DirectoryInfo? d = new(start); d is not null; d = d.Parent)
            if (matches(d.FullName))
                return d.FullName;
        return null;
    }
}
