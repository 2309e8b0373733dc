using System.Net;
using System.Net.Sockets;

namespace Symbolon.Authority.Accounts;

/// <summary>The network an address is in: whoever has one address of an IPv6 network has all of them.</summary>
internal static class AddressPrefix
{
    /// <summary>The prefix as text; empty without an address.</summary>
    /// <param name="address">The address; IPv4 inside IPv6 counts as IPv4.</param>
    /// <param name="bits4">Length of an IPv4 prefix; a multiple of 8.</param>
    /// <param name="bits6">Length of an IPv6 prefix; a multiple of 8.</param>
    public static string Of(IPAddress? address, int bits4, int bits6)
    {
        if (address is null) return "";
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var (bytes, kept) = (plain.GetAddressBytes(), (plain.AddressFamily == AddressFamily.InterNetwork ? bits4 : bits6) / 8);
        Array.Clear(bytes, kept, bytes.Length - kept);
        return new IPAddress(bytes).ToString();
    }
}
