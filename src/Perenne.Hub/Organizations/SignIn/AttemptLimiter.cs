using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

/// <summary>
/// Bounds attempts at passwords and codes per address, beside the lock-out per account. Asked by the handlers, so that the page and the
/// API are the same door.
/// </summary>
internal sealed class AttemptLimiter(IHttpContextAccessor http, IOptions<HubOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetSlidingWindowLimiter(address, _ => new()
        {
            PermitLimit = options.Value.SignInAttemptsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0,
        }));

    public HubError? Refuse()
    {
        using RateLimitLease lease = limiter.AttemptAcquire(http.HttpContext?.Connection.RemoteIpAddress?.ToString() ?? "");
        return lease.IsAcquired ? null : new("too-many-attempts", StatusCodes.Status429TooManyRequests, "Too many attempts from your address. Wait a minute and try again.");
    }

    public void Dispose() => limiter.Dispose();
}
