using System.Diagnostics.CodeAnalysis;

namespace Perenne.Hub.Shared.Results;

/// <summary>Nothing to return.</summary>
internal readonly record struct Done;

/// <summary>A value or an expected failure.</summary>
internal readonly struct Result<T>
{
    private readonly T? value;

    private Result(T? value, HubError? error) => (this.value, Error) = (value, error);

    public HubError? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>The value; reading it after a failure is a bug.</summary>
    public T Value => Succeeded ? value! : throw new InvalidOperationException($"The result is a failure: {Error.Code}.");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(HubError error) => new(default, error);

    public Result<TOut> Map<TOut>(Func<T, TOut> next) => Succeeded ? next(Value) : Error;
}
