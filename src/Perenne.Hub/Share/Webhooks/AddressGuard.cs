using System.Net;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Share.Webhooks;

/// <summary>
/// Which addresses the hub may call for somebody else. It stands inside the plant's network, so an address that leads back into it (or to the
/// hub itself, or to a cloud's metadata service) is refused unless the administrator has allowed its network.
/// </summary>
internal sealed class AddressGuard(IOptions<HubOptions> options)
{
    // RFC 6890 and its successors: everything that is not the public internet. 64:ff9b and 2002 carry an IPv4 address inside.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly IPNetwork[] allowed = [.. options.Value.Webhooks.AllowedNetworks.Select(Read)];

    public bool Allows(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Any(network => network.Contains(plain)) || !Special.Any(network => network.Contains(plain));
    }

    private static IPNetwork Read(string text) => IPNetwork.TryParse(text, out IPNetwork network)
        ? network
        : throw new InvalidOperationException($"Hub:Webhooks:AllowedNetworks holds '{text}', which is not a network such as 10.20.0.0/16.");
}
