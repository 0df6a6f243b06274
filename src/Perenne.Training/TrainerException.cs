namespace Perenne.Training;

/// <summary>A job that cannot be done as written, or a training that failed; the message is a sentence for the user.</summary>
internal sealed class TrainerException(string message, Exception? inner = null) : Exception(message, inner);
