using Perenne.Training.Native;
using Perenne.Training.Network;
using Perenne.Training.Training;
using Perenne.Vision.Statistics;
using TorchSharp;

namespace Perenne.Training.Tests;

public sealed class WeightGradientTests
{
    [Theory]
    [InlineData(2, 24, 24, 16, 32, 1)]
    [InlineData(1, 7, 5, 32, 8, 1)]
    [InlineData(3, 12, 12, 16, 16, 2)]
    [InlineData(2, 9, 13, 48, 4, 2)]
    [InlineData(1, 1, 1, 16, 4, 1)]
    [InlineData(1, 60, 100, 16, 4, 2)]
    public void The_gradient_is_the_sum_over_all_places_and_does_not_depend_on_the_threads(int images, int height, int width, int inputs, int outputs, int stride)
    {
        if (!WeightGradient.IsUseful)
            Assert.Skip("This processor's own kernel is used.");
        ConvShape shape = new(images, height, width, inputs, (height - 1) / stride + 1, (width - 1) / stride + 1, outputs, stride);
        SeededRandom random = new(5);
        float[] input = Random(random, images * height * width * inputs), output = Random(random, images * shape.OutHeight * shape.OutWidth * outputs);
        float[] once = Random(random, outputs * 9 * inputs), wanted = [.. once], shared = [.. once];
        WeightGradient.Add(shape, input, output, once, threads: 1);
        WeightGradient.Add(shape, input, output, shared, threads: 3);
        AddPlainly(shape, input, output, wanted);
        Assert.Equal(once, shared);
        for (int i = 0; i < wanted.Length; i++)
            Assert.Equal(wanted[i], once[i], 1e-3);
    }

    [Fact]
    public void A_whole_network_gets_the_gradients_that_the_library_works_out()
    {
        TorchLibraries.Load();
        torch.set_num_threads(1);
        (float[] own, float[] library) = (Gradients(own: true), Gradients(own: false));
        double largest = library.Max(MathF.Abs), difference = own.Zip(library).Max(p => Math.Abs(p.First - p.Second));
        Assert.True(largest > 1e-3);
        Assert.True(difference < 1e-4 * largest, $"{difference} of {largest}");
    }

    private static float[] Gradients(bool own)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone backbone = new(1);
        Head head = new(ModelTask.Detect, 2, [8]);
        using TrainingState state = new(new ParameterLayout([.. backbone.Layers, .. head.Layers]));
        state.Layout.Initialise(TrainingState.Span(state.Weights), TrainingState.Span(state.Statistics), 3);
        using TorchGraph graph = new(state.Layout, state.Weights, state.Statistics, state.Gradients, half: false) { OwnGradients = own && WeightGradient.IsUseful };
        SeededRandom random = new(9);
        torch.Tensor image = torch.tensor(Random(random, 2 * 24 * 40 * 16), [2, 24, 40, 16]).permute(0, 3, 1, 2);
        // Each output weighted by numbers of its own, so that every weight matters.
        torch.Tensor sum = head.Run(graph, backbone.Run(graph, image)).Select(o => (o.Value * torch.tensor(Random(random, (int)o.Value.numel()), o.Value.shape)).sum()).Aggregate((a, b) => a + b);
        sum.backward();
        graph.AddGradients();
        return [.. TrainingState.Span(state.Gradients)];
    }

    private static void AddPlainly(ConvShape s, float[] input, float[] output, float[] weights)
    {
        for (int image = 0; image < s.Images; image++)
            for (int y = 0; y < s.OutHeight; y++)
                for (int x = 0; x < s.OutWidth; x++)
                    for (int tap = 0; tap < 9; tap++)
                    {
                        int fromY = y * s.Stride + tap / 3 - 1, fromX = x * s.Stride + tap % 3 - 1;
                        if (fromY < 0 || fromY >= s.Height || fromX < 0 || fromX >= s.Width)
                            continue;
                        for (int o = 0; o < s.Out; o++)
                            for (int i = 0; i < s.In; i++)
                                weights[(o * 9 + tap) * s.In + i] += output[((image * s.OutHeight + y) * s.OutWidth + x) * s.Out + o] * input[((image * s.Height + fromY) * s.Width + fromX) * s.In + i];
                    }
    }

    private static float[] Random(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
}
