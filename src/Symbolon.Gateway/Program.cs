using Symbolon.Gateway.Hosting;

const string Help = """
    Forward authentication for nginx, Caddy, Traefik and Envoy: answers at /verify whether a request may pass, and who sends it.

      symbolon-gateway --urls http://127.0.0.1:5090 --Gateway:Issuer https://auth.example

    Settings stand in appsettings.json, in the environment (Gateway__Issuer) or here; rules by path in rules.yaml (--Gateway:Rules FILE).
    All of them: docs/gateway.md. Ends with code 1 when a setting or a rule cannot be used, and says which.
    """;

if (args is ["--help" or "-h" or "-?", ..])
{
    Console.WriteLine(Help);
    return 0;
}

return await Failure.GuardAsync(() => Composition.RunAsync(args));
