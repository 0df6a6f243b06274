using Microsoft.AspNetCore.Components;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Shared.Pages;

/// <summary>What every page has at hand: the words, the viewer, the posted form and its errors.</summary>
public abstract class HubPage : ComponentBase
{
    [CascadingParameter]
    private protected HttpContext Http { get; set; } = default!;

    [Inject]
    private protected Text T { get; set; } = default!;

    [Inject]
    private protected Viewer Viewer { get; set; } = default!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private protected Flash Flash { get; set; } = default!;

    [Inject]
    private protected FormState Form { get; set; } = default!;

    /// <summary>Set when the page cannot be shown at all.</summary>
    private protected HubError? Problem { get; private set; }

    private protected CancellationToken Cancel => Http.RequestAborted;

    private protected string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>The value, or null after <see cref="Problem"/> and the status were set.</summary>
    private protected TValue? Show<TValue>(Result<TValue> result)
        where TValue : class
    {
        if (result.Succeeded)
            return result.Value;
        Problem = result.Error;
        Http.Response.StatusCode = result.Error.Status;
        return null;
    }

    /// <summary>After a form: success goes to <paramref name="to"/> with a sentence, failure stays with the messages at the fields.</summary>
    private protected bool Finish<TValue>(Result<TValue> result, string words, string to)
    {
        if (!Check(result))
            return false;
        Flash.Good(words);
        Navigation.NavigateTo(to);
        return true;
    }

    /// <summary>False after the errors were put beside their fields.</summary>
    private protected bool Check<TValue>(Result<TValue> result)
    {
        if (result.Succeeded)
            return true;
        Form.Fail(result.Error);
        Http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return false;
    }
}
