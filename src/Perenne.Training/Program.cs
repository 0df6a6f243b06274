using System.Runtime.InteropServices;
using Perenne.Contracts.Jobs;
using Perenne.Training;
using Perenne.Training.Export;
using Perenne.Training.Native;

if (args is [OnnxProcess.Switch, var model, var scratch])
    return OnnxProcess.Run(model, scratch);
if (args is not [var folder] || folder.StartsWith('-'))
{
    Console.Error.WriteLine("Usage: perenne-trainer JOBFOLDER. The folder holds job.json; docs/training.md describes it.");
    return 2;
}
using CancellationTokenSource stop = new();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop), interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    TorchLibraries.Load();
    int code = JobRunner.Run(Path.GetFullPath(folder), TimeProvider.System, stop.Token);
    if (code == TrainingJob.StoppedExitCode)
        Console.Error.WriteLine("Stopped; the checkpoint is written. Start the same command again to go on.");
    return code;
}
catch (TrainerException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (IOException e)
{
    Console.Error.WriteLine(DiskProblem.Sentence(e));
    return 1;
}
