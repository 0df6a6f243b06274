using System.Text.Json;

namespace Perenne.Cli.Hub;

/// <summary>The hub and token that <c>perenne login</c> keeps for this user, readable by nobody else.</summary>
internal sealed record SavedLogin(string Hub, string Token)
{
    public static string DefaultFile { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "perenne", "login.json");

    public static SavedLogin? Read(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            return JsonSerializer.Deserialize<SavedLogin>(File.ReadAllBytes(file), JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new HubFailure($"{file} is damaged. Delete it and run 'perenne login' again.", 0, e);
        }
    }

    public void Write(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // A new file beside it: the mode holds from the first byte, and a full disk leaves the old login as it was.
        string part = file + ".part";
        File.Delete(part);
        using (FileStream stream = new(part, options))
            JsonSerializer.Serialize(stream, this, JsonSerializerOptions.Web);
        File.Move(part, file, overwrite: true);
    }
}
