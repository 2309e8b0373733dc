namespace Symbolon.Server.Hosting;

/// <summary>In Production, tokens never travel over plain http but on the machine itself or behind a configured proxy.</summary>
internal static class TransportRule
{
    /// <summary>Refuses to start otherwise.</summary>
    public static void Require(WebApplication app)
    {
        var addresses = Listening.Addresses(app.Configuration);
        foreach (var address in addresses) _ = Listening.Parse(address);
        if (app.Environment.IsDevelopment() || Listening.Proxies(app.Configuration).Count > 0) return;
        if (addresses.FirstOrDefault(IsOpen) is { } open)
        {
            throw new ServerStartException(
                $"'{open}' would carry tokens over plain http. Use https, or listen on localhost, or name the proxy in front that does: Symbolon:Proxies:0, for example 10.0.0.0/8.");
        }
    }

    private static bool IsOpen(string address) =>
        address.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
        && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback);
}
