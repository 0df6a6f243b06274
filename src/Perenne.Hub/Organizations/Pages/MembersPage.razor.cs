using Microsoft.AspNetCore.Components;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations.Pages;

public partial class MembersPage
{
    private List<MemberRow>? rows;
    private IReadOnlyList<InvitationRow>? open;
    private bool mayEdit, mailed;
    private string? link, linkTitle;

    [Parameter]
    public string Organization { get; set; } = "";

    private string Base => "/organizations/" + Organization;

    private Guid Id => Http.OrganizationId();

    private IEnumerable<(string Value, string Words)> ProjectOptions =>
        [("", T["All projects"]), .. Viewer.Projects.Where(p => p.Organizations.Contains(Id)).Select(p => (p.Id.ToString(), p.Name))];

    private IEnumerable<(string Value, string Words)> RoleFilter => [("", T["Every role"]), .. RoleWords.OfPeople.Select(r => (r.ToString(), RoleWords.Name(T, r)))];

    protected override async Task OnInitializedAsync()
    {
        mayEdit = May(HubAction.MembersEdit);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (Show(await List.HandleAsync(new(Id), Cancel)) is not { } all)
            return;
        string text = Query("text").Trim();
        rows = [.. all
            .Where(m => text.Length == 0 || m.Name.Contains(text, StringComparison.CurrentCultureIgnoreCase) || m.Email.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Where(m => !Enum.TryParse(Query("role"), out Role role) || m.Role == role)];
        open = mayEdit ? Show(await Invitations.ListAsync(Id, Cancel)) : null;
    }

    private async Task InviteAsync()
    {
        Demand(HubAction.MembersEdit);
        Result<InviteDone> done = await InviteHandler.HandleAsync(
            new(Form["email"], Enum.TryParse(Form["role"], out Role role) ? role : Role.Annotator, Form.Id("projectId"), int.TryParse(Form["days"], out int days) ? days : 14) { OrganizationId = Id }, Cancel);
        if (Check(done))
            await HandOverAsync(done.Value.Path, done.Value.Mailed, T["The invitation for {0} is ready", Form["email"]]);
    }

    private async Task ResetAsync(Guid user, string name)
    {
        Demand(HubAction.MembersEdit);
        Result<OfferPasswordResetDone> done = await Reset.HandleAsync(new(Id, user), Cancel);
        if (Check(done))
            await HandOverAsync(done.Value.Path, done.Value.Mailed, T["The password link for {0} is ready", name]);
    }

    // Drawn in the answer to the form itself: a redirect would have to store the secret somewhere.
    private async Task HandOverAsync(string path, bool sent, string title)
    {
        (link, mailed, linkTitle) = (Navigation.ToAbsoluteUri(path).ToString(), sent, title);
        await LoadAsync();
    }

    private async Task ChangeAsync(Guid membership)
    {
        Demand(HubAction.MembersEdit);
        Finish(await Change.HandleAsync(new(Enum.TryParse(Form["role"], out Role role) ? role : Role.Annotator) { OrganizationId = Id, MembershipId = membership }, Cancel),
            T["The role was changed."], Base + "/members");
    }

    private async Task RemoveAsync(Guid membership, string name)
    {
        Demand(HubAction.MembersEdit);
        Finish(await Change.HandleAsync(new(null) { OrganizationId = Id, MembershipId = membership }, Cancel), T["{0} was removed.", name], Base + "/members");
    }

    private async Task RevokeAsync(Guid invitation)
    {
        Demand(HubAction.MembersEdit);
        Finish(await Invitations.RevokeAsync(Id, invitation, Cancel), T["The invitation was taken back."], Base + "/members");
    }
}
