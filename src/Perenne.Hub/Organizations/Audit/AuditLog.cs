using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>Adds entries to the unit of work of the caller: the change and its entry are saved together or not at all.</summary>
internal sealed class AuditLog(HubDbContext db, CurrentAccess access, IHttpContextAccessor http, IdSource ids, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Read by people; every page escapes it again.
    };

    /// <summary>Stands for the hub itself where an entry belongs to no organization; seen by instance administrators only.</summary>
    public static readonly Guid Instance = Guid.Empty;

    /// <param name="action">Dotted, e.g. "membership.added".</param>
    /// <param name="subject">To whom or what, in words.</param>
    /// <param name="by">Who, where the request's actor is not yet known (set-up, invitations).</param>
    public void Record(Guid organization, string action, string subject, object? before = null, object? after = null, User? by = null) => db.Add(new AuditEntry
    {
        Id = ids.Next(),
        OrganizationId = organization,
        At = time.GetUtcNow(),
        ActorId = by?.Id ?? access.Actor.Id,
        ActorName = by?.DisplayName ?? access.Actor.Name,
        Action = action,
        Subject = subject,
        Detail = before is null && after is null ? null : JsonSerializer.Serialize(new { before, after }, Json),
        Origin = http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "system",
    });
}
