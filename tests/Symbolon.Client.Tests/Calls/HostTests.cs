using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Symbolon.Client.Tests.Support;

namespace Symbolon.Client.Tests.Calls;

/// <summary>Where a token goes, and where it never goes.</summary>
public class HostTests
{
    [Fact]
    public async Task Token_GoesToTheAuthority_AndToListedHostsOnly()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var listed = await TestAuthority.StartAsync();
        await using var other = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync(token: t => t.AllowedHosts.Add($"{listed.Address.Host}:{listed.Address.Port}"));

        Assert.StartsWith("token", await client.Http.GetStringAsync("/api/open"));
        Assert.StartsWith("token", await client.Http.GetStringAsync(new Uri(listed.Address, "/api/open")));
        Assert.Equal("none", await client.Http.GetStringAsync(new Uri(other.Address, "/api/open")));
        Assert.Contains($"5010 Requests to http://127.0.0.1:{other.Address.Port} carry no token", client.Log.Text);
    }

    [Fact]
    public async Task Token_DoesNotFollow_ARedirectToAnotherHost()
    {
        await using var authority = await TestAuthority.StartAsync();
        await using var other = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();

        Assert.Equal("none", await client.Http.GetStringAsync($"/api/moved?to={Uri.EscapeDataString(new Uri(other.Address, "/api/open").AbsoluteUri)}"));
        // Who answers there never saw the token: its 401 says nothing about it.
        using var refused = await client.Http.GetAsync($"/api/moved?to={Uri.EscapeDataString(new Uri(other.Address, "/api/echo").AbsoluteUri)}");
        Assert.Equal((HttpStatusCode.Unauthorized, 0), (refused.StatusCode, authority.Refreshes));
    }

    [Fact]
    public async Task Token_DoesNotFollow_ARedirectFromHttpsToHttp()
    {
        await using var authority = await TestAuthority.StartAsync();
        var (secure, thumbprint) = await SecureAsync(new Uri(authority.Address, "/api/open"));
        await using var stopped = secure;
        var address = new Uri(secure.Urls.First());
        using var client = await authority.SignedInAsync();
        using var trusting = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == thumbprint } };
        using var http = new HttpClient(client.Client.CreateHandler(t => t.AllowedHosts.Add($"127.0.0.1:{address.Port}"), trusting));

        using var answer = await http.GetAsync(address);

        Assert.Equal((HttpStatusCode.TemporaryRedirect, "came with a token"), (answer.StatusCode, answer.Headers.GetValues("X-Seen").Single()));
        Assert.Equal(0, authority.Count("/api/open")); // .NET does not follow it at all
    }

    [Fact]
    public async Task OwnAuthorization_IsLeftAlone()
    {
        await using var authority = await TestAuthority.StartAsync();
        using var client = await authority.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/echo") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "of-my-own") } };

        using var refused = await client.Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, 0), (refused.StatusCode, authority.Refreshes));
    }

    [Theory]
    [InlineData("api.example", "https://api.example/x", true)]
    [InlineData("api.example", "https://API.example:443/x", true)]
    [InlineData("api.example", "https://api.example:8443/x", false)]
    [InlineData("api.example", "http://api.example/x", false)]
    [InlineData("api.example", "https://api.example.evil/x", false)]
    [InlineData("api.example", "https://evil@api.example.evil/x", false)]
    [InlineData("api.example", "https://sub.api.example/x", false)]
    [InlineData("api.example", "https://api.example./x", false)]
    [InlineData("api.example:8443", "https://api.example:8443/x", true)]
    [InlineData("https://api.example", "https://api.example/x", true)]
    [InlineData("localhost:5090", "http://localhost:5090/x", true)]
    [InlineData("localhost:5090", "https://localhost:5090/x", true)]
    [InlineData("http://localhost:5090", "https://localhost:5090/x", false)]
    [InlineData("[::1]:5090", "http://[::1]:5090/x", true)]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/x", true)]
    public void AllowedHosts_CompareSchemeHostAndPort(string entry, string address, bool isAllowed) =>
        Assert.Equal(isAllowed, new Http.AllowedHosts(new Uri("https://auth.example"), [entry]).Allows(new Uri(address)));

    [Theory]
    [InlineData("")]
    [InlineData("*.example")]
    [InlineData("api.example/path")]
    [InlineData("http://api.example")]
    [InlineData("ftp://api.example")]
    [InlineData("me@api.example")]
    public void AllowedHosts_RefuseWhatIsNoHost_WithWhatToWrite(string entry)
    {
        using var client = SymbolonClient.Create(new SymbolonClientOptions { Authority = new Uri("https://auth.example") });
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => client.CreateHandler(t => t.AllowedHosts.Add(entry)));
        Assert.Contains("AllowedHosts", refused.Message);
    }

    private static async Task<(WebApplication App, string Thumbprint)> SecureAsync(Uri target)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2050, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers["X-Seen"] = http.Request.Headers.Authorization.Count > 0 ? "came with a token" : "came without";
            return Results.Redirect(target.AbsoluteUri, permanent: false, preserveMethod: true);
        });
        await app.StartAsync();
        return (app, certificate.Thumbprint);
    }
}
