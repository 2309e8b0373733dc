namespace Symbolon.Gateway.Hosting;

/// <summary>Configuration that cannot work is refused with what to write.</summary>
public class GatewayOptionsValidationTests
{
    [Theory]
    [InlineData("Issuer=", "Gateway:Issuer is missing")]
    [InlineData("Issuer=auth.example", "Gateway:Issuer is 'auth.example'")]
    [InlineData("Issuer=http://auth.example", "must be an address that begins with https://, or set Gateway:JwksUri")]
    [InlineData("JwksUri=http://auth.example/jwks", "Gateway:JwksUri")]
    [InlineData("JwksUri=https://user:pass@auth.example/jwks", "Gateway:JwksUri")]
    [InlineData("Audience=", "Gateway:Audience is empty")]
    [InlineData("Types:0= ", "Gateway:Types")]
    [InlineData("Algorithms:0=HS256", "HS256 has no public key")]
    [InlineData("RolesClaim=", "Gateway:RolesClaim is empty")]
    [InlineData("MaxTokenAge=0", "Gateway:MaxTokenAge is 00:00:00")]
    [InlineData("ClockSkew=00:06:00", "Gateway:ClockSkew is 00:06:00")]
    [InlineData("MaxStaleness=-00:00:05", "Gateway:MaxStaleness")]
    [InlineData("Cookie=a b|Origins:0=https://a.example", "Gateway:Cookie is no name")]
    [InlineData("Cookie=__Host-symbolon-rt|Origins:0=https://a.example", "is for the authority alone")]
    [InlineData("Cookie=access", "Gateway:Origins is empty")]
    [InlineData("Cookie=access|Origins:0=https://a.example/", "'https://a.example/' is not an origin")]
    [InlineData("Feed:Url=https://auth.example/revocations", "Gateway:Feed:ClientId is missing")]
    [InlineData("Feed:Url=https://auth.example/revocations|Feed:ClientId=g", "Gateway:Feed:ClientSecret is missing")]
    [InlineData("Feed:Url=http://auth.example/revocations|Feed:ClientId=g|Feed:ClientSecret=s", "Gateway:Feed:Url is 'http://auth.example/revocations'")]
    [InlineData("Feed:ClientId=g|Feed:ClientSecret=s", "but no address")]
    [InlineData("Feed:TokenUrl=https://auth.example/oauth/token", "only used for the feed")]
    [InlineData("Feed:IntrospectionUrl=ftp://auth.example|Feed:ClientId=g|Feed:ClientSecret=s", "Gateway:Feed:IntrospectionUrl")]
    [InlineData("Audiance=api", "'Audiance'")]
    [InlineData("Original=forwardet", "cannot be read")]
    [InlineData("MaxStaleness=soon", "cannot be read")]
    public void Build_Refuses(string settings, string says)
    {
        var refused = Assert.Throws<GatewayStartException>(() => Composition.Build(Arguments("Production", settings)));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "Issuer=http://127.0.0.1:5080")]
    [InlineData("Production", "Issuer=http://localhost:5080|Feed:Url=http://localhost:5080/revocations|Feed:ClientId=g|Feed:ClientSecret=s")]
    [InlineData("Production", "Issuer=any name|JwksUri=https://auth.example/jwks")]
    [InlineData("Development", "Issuer=http://auth:5080|JwksUri=http://auth:5080/jwks")]
    public async Task Build_Takes(string environment, string settings) => await Composition.Build(Arguments(environment, settings)).DisposeAsync();

    private static string[] Arguments(string environment, string settings) =>
        ["--environment", environment, "--Gateway:Issuer", "https://auth.example", .. settings.Split('|').SelectMany(setting => $"--Gateway:{setting}".Split('=', 2))];
}
