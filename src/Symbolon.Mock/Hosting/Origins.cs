namespace Symbolon.Mock.Hosting;

/// <summary>Which pages may call a mock.</summary>
internal static class Origins
{
    /// <summary>Whether an origin is one of this machine: <c>http://localhost:3000</c>, <c>https://127.0.0.1</c>.</summary>
    public static bool IsLoopback(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a Host header names this machine.</summary>
    public static bool IsLoopbackHost(string host) => Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && uri.IsLoopback;
}
