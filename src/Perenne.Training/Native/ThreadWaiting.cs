using System.Runtime.InteropServices;

namespace Perenne.Training.Native;

/// <summary>
/// How OpenMP's threads wait for each other. By default they spin, which is a little quicker on a machine of their own and ruinous on one that is shared with a hub: with two other programs at
/// work on two processors a step took four times as long and three times the processor time. So they sleep, unless the user's environment says otherwise.
/// </summary>
internal static partial class ThreadWaiting
{
    private const string Setting = "OMP_WAIT_POLICY";

    /// <summary>Takes effect only before the native libraries are loaded: they read it once.</summary>
    public static void Sleep()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _ = SetNative(Setting, "PASSIVE", overwrite: 0);
        else if (Environment.GetEnvironmentVariable(Setting) is null)
            Environment.SetEnvironmentVariable(Setting, "PASSIVE");
    }

    // .NET keeps a copy of the environment of its own on these systems; native code does not see what is changed there.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
