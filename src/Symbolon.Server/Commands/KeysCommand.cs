using System.CommandLine;
using Symbolon.Authority;
using Symbolon.Authority.Endpoints;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon keys list|rotate</c>: works on the store; running servers follow within seconds.</summary>
internal static class KeysCommand
{
    public static Command Create(string[] args)
    {
        var list = new Command("list", "Lists the signing keys and what each may do.") { TreatUnmatchedTokensAsErrors = false };
        list.SetAction((_, ct) => RunAsync(args, async services => Print(await services.GetRequiredService<IKeyStore>().LoadAsync(ct), services)));
        var rotate = new Command("rotate", "Announces a new signing key. It signs once every verifier knows it; no token is refused.") { TreatUnmatchedTokensAsErrors = false };
        rotate.SetAction((_, ct) => RunAsync(args, async services => Print(await services.GetRequiredService<RotateSigningKeys>().RunAsync(by: null, ct), services)));
        return new Command("keys", "Signing keys.") { list, rotate };
    }

    private static Task<int> RunAsync(string[] args, Func<IServiceProvider, Task> run) => Failure.GuardAsync(async () =>
    {
        await using var app = CommandHost.Build(args);
        await CommandHost.OpenStoreAsync(app);
        await run(app.Services);
        return 0;
    });

    private static void Print(KeyStoreContents contents, IServiceProvider services)
    {
        Console.WriteLine($"{"kid",-44} {"alg",-6} {"state",-10} {"announced",-20} signs from");
        foreach (var key in KeyListResponse.Of(contents, services.GetRequiredService<KeyRing>().Policy).Items)
            Console.WriteLine($"{key.Kid,-44} {key.Alg,-6} {key.State,-10} {key.AnnouncedAt:yyyy-MM-ddTHH:mm:ssZ} {key.SignsFrom:yyyy-MM-ddTHH:mm:ssZ}");
    }
}
