using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using Perenne.Contracts;

namespace Perenne.Training.Training;

/// <summary>Where a run stands, beside the arrays.</summary>
internal sealed record CheckpointHeader
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Of everything the weights depend on; a checkpoint of another job is refused.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Optimiser steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Steps planned; 0 while a run of given minutes has not planned yet.</summary>
    public required int Steps { get; init; }

    /// <summary>Evaluations planned where the budget allows fewer than the job asks for; 0: those of the job.</summary>
    public int Evaluations { get; init; }

    /// <summary>Seconds of training so far, over all resumes.</summary>
    public required double Seconds { get; init; }

    public double BestScore { get; init; } = double.NegativeInfinity;

    public int BestStep { get; init; }

    /// <summary>SHA-256 of the model the run started from; null from scratch.</summary>
    public string? WarmStart { get; init; }

    /// <summary>Evaluations since the best one.</summary>
    public int Stale { get; init; }
}

/// <summary>One file: length and text of the header, the arrays, and a checksum. Written under another name, flushed to the disk and renamed, so a kill at any moment leaves the last one whole.</summary>
internal static class CheckpointFile
{
    private const string Name = "state.bin";

    private static readonly JsonSerializerOptions Options = new(ContractJson.Options) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Write(string folder, CheckpointHeader header, TrainingState state)
    {
        Directory.CreateDirectory(folder);
        string draft = Path.Combine(folder, Name + ".part");
        using (FileStream file = new(draft, FileMode.Create, FileAccess.Write))
        {
            using MemoryStream body = new();
            byte[] text = JsonSerializer.SerializeToUtf8Bytes(header, Options);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            body.Write(length);
            body.Write(text);
            state.Write(body);
            ReadOnlySpan<byte> bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
            file.Write(bytes);
            file.Write(XxHash64.Hash(bytes));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, Path.Combine(folder, Name), overwrite: true);
    }

    /// <summary>The header, with the arrays read into <paramref name="state"/>; null without a checkpoint.</summary>
    /// <exception cref="TrainerException">Damaged, or of another job.</exception>
    public static CheckpointHeader? Read(string folder, string fingerprint, TrainingState state)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || !XxHash64.Hash(bytes.AsSpan(0, bytes.Length - 8)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - 8)))
            throw new TrainerException($"The checkpoint {path} is damaged. Delete it to train from the beginning.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        CheckpointHeader header = JsonSerializer.Deserialize<CheckpointHeader>(bytes.AsSpan(4, length), Options)!;
        if (header.Version != CheckpointHeader.CurrentVersion || header.Fingerprint != fingerprint)
            throw new TrainerException($"The checkpoint {path} is of another job, seed or trainer version. Delete it to train from the beginning.");
        using MemoryStream body = new(bytes, 4 + length, bytes.Length - 12 - length);
        state.Read(body);
        return header;
    }
}
