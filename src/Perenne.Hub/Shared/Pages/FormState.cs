using Microsoft.Extensions.Primitives;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Pages;

/// <summary>The posted form of this request and what was wrong with it, so that a refused form comes back as it was typed.</summary>
internal sealed class FormState(IHttpContextAccessor accessor)
{
    private InvalidInput? invalid;

    public HubError? Error { get; private set; }

    private IFormCollection? Posted => accessor.HttpContext is { Request.HasFormContentType: true } http ? http.Request.Form : null;

    public string this[string name] => Posted is { } form && form.TryGetValue(name, out StringValues value) ? value.ToString().Trim() : "";

    /// <summary>Passwords keep their spaces.</summary>
    public string Raw(string name) => Posted?[name].ToString() ?? "";

    public string? Optional(string name) => this[name] is { Length: > 0 } value ? value : null;

    public bool Flag(string name) => this[name] is "on" or "true";

    public Guid? Id(string name) => Guid.TryParse(this[name], out Guid id) ? id : null;

    public IReadOnlyList<string> All(string name) => Posted is { } form ? [.. form[name].Select(v => (v ?? "").Trim())] : [];

    public IFormFileCollection Files => Posted?.Files ?? new FormFileCollection();

    /// <summary>Whether this form is the one that was refused; a page may hold several.</summary>
    public bool IsRefused(string form) => Error is not null && this["_handler"] == form;

    /// <summary>What the field shows: as typed when the form was refused, else the page's own value.</summary>
    public string? Keep(string form, string name, string? value) => IsRefused(form) && Posted!.TryGetValue(name, out StringValues typed) ? typed.ToString() : value;

    /// <summary>Fields redraw on it: their parameters did not change, so Blazor would skip them.</summary>
    public event Action? Failed;

    public void Fail(HubError error)
    {
        (Error, invalid) = (error, error as InvalidInput);
        Failed?.Invoke();
    }

    public string? ErrorOf(string form, string field) => IsRefused(form)
        && invalid?.Fields.FirstOrDefault(f => string.Equals(f.Key, field, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } messages ? messages[0] : null;

    public IEnumerable<string> Messages(string form) => !IsRefused(form) ? [] : invalid is null ? [Error!.Detail] : invalid.Fields.SelectMany(f => f.Value);
}
