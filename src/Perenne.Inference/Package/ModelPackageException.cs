namespace Perenne.Inference;

/// <summary>A model package cannot be used. <see cref="Exception.Message"/> is one sentence for people: what is wrong and what to change.</summary>
public sealed class ModelPackageException : Exception
{
    /// <summary>With the sentence.</summary>
    public ModelPackageException(string message) : base(message)
    {
    }

    /// <summary>With the sentence and what the runtime said.</summary>
    public ModelPackageException(string message, Exception inner) : base(message, inner)
    {
    }
}
