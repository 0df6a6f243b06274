namespace Perenne.Hub.Collect.Gallery;

/// <summary>An enum in a query string, in any case: the API writes "usable", people type "Usable".</summary>
internal readonly record struct Named<T>(T Value)
    where T : struct, Enum
{
#pragma warning disable CA1000 // The binder looks for exactly this member.
    public static bool TryParse(string? text, IFormatProvider? provider, out Named<T> named)
    {
        bool known = Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value);
        named = new(value);
        return known;
    }
#pragma warning restore CA1000
}
