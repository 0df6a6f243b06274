using System.Diagnostics;
using Perenne.Imaging;
using Perenne.Inference;

namespace Perenne.Training.Tests;

public sealed class ForeignTrainerTests
{
    [Fact]
    public void The_documented_trainer_in_plain_Python_makes_a_package_that_answers_with_the_shares_of_the_tags()
    {
        using JobFolder job = new();
        for (int i = 0; i < 18; i++)
            job.Add(new TestPicture(64, 64, (ulong)i), SampleSplit.Train, tag: i < 12 ? 0 : 1);
        job.Job = job.Job with { Task = ModelTask.Classify, Classes = [new("good", IsGood: true), new("bad")] };
        job.Write();
        using Process python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(TestSupport.SharedData.RepositoryRoot, "docs", "examples", "trainer.py"), job.Path]) { RedirectStandardError = true })!;
        string errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        Assert.Equal((0, ""), (python.ExitCode, errors));
        Assert.Equal(18, job.Progress().Last().Step);
        using ModelSession session = new(ModelPackage.Open(job.ModelFolder));
        using PixelBuffer image = new(64, 64, PixelLayout.Gray8);
        image.Bytes.Fill(99);
        IReadOnlyList<double> tags = session.Predict(image).Tags;
        Assert.Equal(13 / 20.0, tags[0], 1e-5);
        Assert.Equal(7 / 20.0, tags[1], 1e-5);
    }

}
