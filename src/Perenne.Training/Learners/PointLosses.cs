namespace Perenne.Training.Learners;

/// <summary>Losses of one answer with their gradients.</summary>
internal static class PointLosses
{
    /// <summary>−log softmax at the true class; gradient (p − 1[true]) · weight.</summary>
    public static double Softmax(ReadOnlySpan<float> logits, int truth, float weight, Span<float> gradient)
    {
        float most = logits[0];
        foreach (float x in logits)
            most = MathF.Max(most, x);
        float sum = 0;
        for (int i = 0; i < logits.Length; i++)
            sum += gradient[i] = MathF.Exp(logits[i] - most);
        for (int i = 0; i < logits.Length; i++)
            gradient[i] = weight * (gradient[i] / sum - (i == truth ? 1 : 0));
        return Math.Log(sum) + most - logits[truth];
    }

    /// <summary>Half the square up to 1, linear beyond (Huber 1964): one wrong label does not rule the fit.</summary>
    public static double Huber(float value, float truth, float weight, out float gradient)
    {
        float error = value - truth;
        gradient = weight * Math.Clamp(error, -1, 1);
        return MathF.Abs(error) <= 1 ? 0.5 * error * error : MathF.Abs(error) - 0.5;
    }

    /// <summary>Softmax at one class.</summary>
    public static double Probability(ReadOnlySpan<float> logits, int index)
    {
        double sum = 0;
        foreach (float x in logits)
            sum += Math.Exp(x - logits[index]);
        return 1 / sum;
    }
}
