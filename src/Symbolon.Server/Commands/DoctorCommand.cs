using System.CommandLine;
using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon doctor</c>: prints the effective configuration, without secrets, and what is odd about it.</summary>
internal static class DoctorCommand
{
    public static Command Create(string[] args)
    {
        var doctor = new Command("doctor", "Prints the effective configuration with warnings, no secrets. Exit code 1: the server would not start.") { TreatUnmatchedTokensAsErrors = false };
        doctor.SetAction((_, _) => Failure.GuardAsync(async () =>
        {
            await using var app = CommandHost.Build(args);
            var options = app.Services.GetRequiredService<IOptions<AuthorityOptions>>().Value;
            foreach (var (key, value) in EffectiveConfiguration.Of(options, app)) Console.WriteLine($"{key,-46} {value}");
            Console.WriteLine();
            var warnings = EffectiveConfiguration.Warnings(options, app).ToList();
            foreach (var warning in warnings) Console.WriteLine($"warning: {warning}");
            if (warnings.Count == 0) Console.WriteLine("no warnings");
            TransportRule.Require(app);
            var ours = MasterKeyLoading.Load(options);
            await CommandHost.OpenStoreAsync(app);
            var known = (await app.Services.GetRequiredService<Authority.Ports.IKeyStore>().LoadAsync(CancellationToken.None)).Fingerprints;
            if (!KeyFingerprints.Agree(known, [.. ours.Ids.Select(ours.Fingerprint)]))
                throw new ServerStartException("The store was sealed under other master keys. Configure the ones it was made with (Symbolon:MasterKeys).");
            Console.WriteLine("The store opens.");
            return 0;
        }));
        return doctor;
    }
}
