namespace Perenne.Training;
using Perenne.Contracts.Jobs;
using Perenne.Training.Data;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using Perenne.Training.Training;
using System.Text.Json;
internal static class PackageBuilder
{
    public const string TrainerVersion = "perenne-trainer/1";
    public static void Build(TrainingJob job, JobData data, Learner learner, TrainingState state, CheckpointHeader header, RunFiles files, TrainingParameters parameters)
    {
        if (data.Validation.Count > 0) state.UseBest();
        using TorchGraph average = new(state.Layout, state.Average, state.AverageStatistics, null, half: false);
        files.Log.Write(new TrainingProgress { Step = header.Step, Message = "best "+header.BestStep+" test " + JsonSerializer.Serialize(learner.Measure(average, data.Test, default).Values)});
    }
}
internal static class WarmStart { public static string Load(string folder, TrainingJob job, ParameterLayout layout, TrainingState state) => throw new TrainerException("x"); }
