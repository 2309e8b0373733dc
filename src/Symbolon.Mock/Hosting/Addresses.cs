using System.Net;
using Microsoft.AspNetCore.Http;

namespace Symbolon.Mock.Hosting;

/// <summary>Where a mock listens, and where it is reached.</summary>
internal static class Addresses
{
    private static readonly string[] Any = ["*", "+", "0.0.0.0", "[::]"];

    /// <summary>The addresses to listen on, each with a port, and the address for clients on this machine.</summary>
    /// <exception cref="MockOptionsException">One is none.</exception>
    public static (IReadOnlyList<string> Listen, Uri Reached) Of(MockOptions options, MockProfile? profile)
    {
        var urls = (options.Urls.Count > 0 ? options.Urls : [profile?.Url ?? MockDefaults.Url]).Select(Parse).ToList();
        var first = urls[0];
        var host = Any.Contains(first.Host) ? "localhost" : first.Host;
        return ([.. urls.Select(url => url.ToString())], new Uri($"http://{host}:{first.Port}"));
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (address.Scheme == "http" && address.PathBase.Length == 0 && !address.IsUnixPipe && address.Port is >= 0 and <= IPEndPoint.MaxPort)
                return address.Port != 0 ? address : BindingAddress.Parse($"http://{address.Host}:{Listener.FreePort()}");
        }
        catch (FormatException)
        {
            // said below
        }

        throw new MockOptionsException($"--urls {url}: expected an address such as {MockDefaults.Url}: plain http, without a path.");
    }
}
