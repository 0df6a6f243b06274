using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;

namespace Perenne.Station;

/// <summary>Settings that a station cannot start with; the message says what to change.</summary>
public sealed class StationSettingsException(string message) : Exception(message);

/// <summary>Where settings come from, later ones first in rank: <c>station.json</c> beside the program, the file of <c>--settings</c>, the environment, the command line.</summary>
internal static class StationSettings
{
    private const string DefaultUrls = "http://localhost:5601";

    /// <exception cref="StationSettingsException">They make no sense together.</exception>
    public static StationOptions Read(WebApplicationBuilder builder, string[] args)
    {
        builder.Configuration.AddJsonFile("station.json", optional: true);
        if (builder.Configuration["settings"] is { Length: > 0 } file)
            AddFile(builder.Configuration, Path.GetFullPath(file));
        builder.Configuration.AddEnvironmentVariables("PERENNE_").AddCommandLine(args);
        if (builder.Configuration["urls"] is null)
            builder.WebHost.UseUrls(DefaultUrls);
        StationOptions options;
        try
        {
            options = builder.Configuration.GetSection(StationOptions.Section).Get<StationOptions>() ?? new();
        }
        catch (InvalidOperationException e)
        {
            throw new StationSettingsException($"A setting has a value of the wrong kind. {e.Message}");
        }
        Check(options);
        return options;
    }

    private static void AddFile(ConfigurationManager configuration, string file)
    {
        if (!File.Exists(file))
            throw new StationSettingsException($"The settings file {file} does not exist.");
        try
        {
            configuration.AddJsonFile(file, optional: false);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new StationSettingsException($"The settings file {file} is no valid JSON: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static void Check(StationOptions options)
    {
        if (options.Hub is { } hub && (!hub.IsAbsoluteUri || hub.Scheme is not ("http" or "https")))
            throw new StationSettingsException($"The hub's address '{hub}' is not complete. Write it as https://hub.example.");
        if (options.Cameras.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new StationSettingsException($"Two cameras have the name '{twice.Key}'. Give each its own: the hub tells them apart by it.");
        foreach (CameraOptions camera in options.Cameras)
            Check(camera);
    }

    private static void Check(CameraOptions camera)
    {
        string? problem = camera switch
        {
            { Kind: not ("push" or "folder" or "replay" or "command" or "camera") } => $"has the kind '{camera.Kind}'. Use push, folder, camera, command or replay.",
            { Kind: "folder" or "replay", Path: null or "" } => "needs the folder of its pictures (Path).",
            { Kind: "replay" } when !Directory.Exists(camera.Path) => $"is to replay {camera.Path}, which does not exist.",
            { Kind: "command", Command: null or "" } => "needs the command that writes JPEG pictures (Command).",
            { Kind: "camera", Url: null or "" } => "needs what ffmpeg opens (Url): rtsp://…, http://… or a device.",
            { FramesPerSecond: <= 0 or > 1000 } => $"has FramesPerSecond = {camera.FramesPerSecond}; write a number above 0, at most 1000.",
            { EveryMilliseconds: < 0 or > 86_400_000 } => $"has EveryMilliseconds = {camera.EveryMilliseconds}; write 0 to 86400000.",
            { Reference: { } file } when !Path.Exists(file) => $"has the reference {file}, which does not exist.",
            { PartPattern: { Length: > 0 } pattern } => Pattern(pattern),
            _ => null,
        };
        if (problem is not null)
            throw new StationSettingsException($"The camera '{camera.Name}' {problem}");
    }

    private static string? Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern).GetGroupNames().Contains("part") ? null : $"has a PartPattern without the group 'part'. Write for example ^(?<part>[A-Z0-9]+)_";
        }
        catch (ArgumentException e)
        {
            return $"has a PartPattern that is no regular expression: {e.Message}";
        }
    }
}
