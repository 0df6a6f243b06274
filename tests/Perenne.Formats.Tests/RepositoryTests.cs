using Perenne.TestSupport;

namespace Perenne.Formats.Tests;

public class RepositoryTests
{
    [Fact]
    public void Tests_find_the_repository_they_belong_to() => Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, "Perenne.slnx")));
}
