using Microsoft.Extensions.Logging.Console;

namespace Perenne.Hub.Shared.Hosting;

internal static class Logging
{
    public static void AddHubLogging(this WebApplicationBuilder builder, HostingOptions options)
    {
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        // What fails there is thrown, and logged by whoever does not expect it; a name that was taken meanwhile is no error of the hub.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // Says only that the antiforgery cookie was reset, on every first visit.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        bool text = options.Logs is { } chosen ? chosen == "text" : builder.Environment.IsDevelopment() || !Console.IsOutputRedirected;
        if (text)
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
                console.ColorBehavior = LoggerColorBehavior.Default;
            });
        else
            builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                console.IncludeScopes = true;
            });
    }
}
