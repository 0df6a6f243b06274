using Microsoft.AspNetCore.Components;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Shared.Pages;

/// <summary>What every page has at hand: the words, the viewer, the posted form and its errors.</summary>
/// <remarks>
/// A database context serves one query at a time, and a page's components share the request's. Blazor starts a child's loading while its parent
/// still awaits its own; the <see cref="LoadingTurn"/> lets them load one after the other.
/// </remarks>
public abstract class HubPage : ComponentBase, IHandleEvent
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

    [Inject]
    private protected CurrentAccess Access { get; set; } = default!;

    [Inject]
    private LoadingTurn Turn { get; set; } = default!;

    /// <summary>Set when the page cannot be shown at all.</summary>
    private protected HubError? Problem { get; private set; }

    private protected CancellationToken Cancel => Http.RequestAborted;

    private AccessTarget Target => Http.Items[typeof(AccessTarget)] as AccessTarget ?? new(null, null, []);

    /// <inheritdoc/>
    public override Task SetParametersAsync(ParameterView parameters)
    {
        // The view of the parameters is only valid until the first await.
        parameters.SetParameterProperties(this);
        return Turn.TakeAsync(() => base.SetParametersAsync(ParameterView.Empty));
    }

    /// <summary>Rendered when the form's handler is done, not also while it awaits: components that appear would load beside it.</summary>
    async Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem item, object? arg)
    {
        await item.InvokeAsync(arg);
        StateHasChanged();
    }

    /// <summary>Whether to show what needs this action, on the organization or project of the page's address.</summary>
    private protected bool May(HubAction action) => AccessDecision.Decide(Viewer.Actor, action, Target).Verdict == Verdict.Allowed;

    /// <summary>
    /// Before a form's handler runs: the page was opened with the right to read, which may reach more organizations than the right to change.
    /// A form that is not shown cannot be posted, so a refusal here is a bug of the page.
    /// </summary>
    private protected void Demand(HubAction action)
    {
        (Verdict verdict, AccessScope scope) = AccessDecision.Decide(Viewer.Actor, action, Target);
        if (verdict != Verdict.Allowed)
            throw new InvalidOperationException($"{GetType().Name} showed a form that needs {action} to somebody who may not.");
        Access.Grant(Viewer.Actor, scope, Access.ProjectId);
    }

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
