using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Tests.Shared;

public sealed class ConfigurationTests : IDisposable
{
    // Settings no other test looks at: variables belong to the whole process.
    private readonly string[] variables = ["PERENNE_HUB__SMTP__FROM", "PERENNE_HUB__OPENID__DISPLAYNAME"];

    [Fact]
    public async Task A_setting_on_the_command_line_wins_over_the_environment_variable()
    {
        foreach (string variable in variables)
            Environment.SetEnvironmentVariable(variable, "from the environment");

        await using var app = HubHost.Build(["--Hub:Smtp:From", "from the command line"]);
        HubOptions options = app.Services.GetRequiredService<IOptions<HubOptions>>().Value;

        Assert.Equal("from the command line", options.Smtp.From);
        Assert.Equal("from the environment", options.OpenId.DisplayName);
    }

    public void Dispose()
    {
        foreach (string variable in variables)
            Environment.SetEnvironmentVariable(variable, null);
    }
}
