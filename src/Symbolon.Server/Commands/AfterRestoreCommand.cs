using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using Symbolon.Authority;
using Symbolon.Authority.Operations;
using Symbolon.Authority.Ports;
using Symbolon.Server.Hosting;
using Symbolon.Sessions;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon after-restore</c>: makes a store that was restored from a backup safe, before the server starts on it.</summary>
internal static class AfterRestoreCommand
{
    private const string Everyone = "everyone", Listed = "listed", Nobody = "nobody";
    private const int LargestFile = 16 << 20;

    private static readonly string[] Forms = ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static Command Create(string[] args)
    {
        var time = new Option<string>("--backup-time") { Description = "When the backup was made, such as 2026-05-01T03:00:00Z. What ended after that is unknown to the store. Needed unless everyone ends." };
        var end = new Option<string>("--end") { Description = "Whose sessions end: everyone (default; signing keys are replaced, too), listed (those of --subjects), nobody.", DefaultValueFactory = _ => Everyone };
        var subjects = new Option<string>("--subjects") { Description = "With --end listed: a file with one account id a line, of everyone whose sessions, password, roles or account were ended, changed or disabled since." };
        var removed = new Option<string[]>("--remove-key") { Description = "A signing key that was removed since the backup, and would count again; once for each. See symbolon keys list." };
        var command = new Command(
            "after-restore",
            "After putting a backup in place, before the start: ends sessions that may have ended since the backup, and tells verifiers that the revocation log is another one. May be repeated.")
        {
            time, end, subjects, removed,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, ct) => Failure.GuardAsync(async () =>
        {
            Check(parsed.UnmatchedTokens);
            var whose = parsed.GetValue(end);
            if (whose is not (Everyone or Listed or Nobody)) throw new ServerStartException($"--end must be {Everyone}, {Listed} or {Nobody}.");
            if ((whose == Listed) != (parsed.GetValue(subjects) is not null)) throw new ServerStartException("--end listed and --subjects FILE belong together.");
            if (whose != Everyone && parsed.GetValue(time) is null) throw new ServerStartException($"--end {whose} needs --backup-time: whatever ended since then comes back, unless you name it.");
            var list = parsed.GetValue(subjects) is { } file ? Read(file) : [];
            await using var app = CommandHost.Build(args);
            await CommandHost.OpenStoreAsync(app);
            if (parsed.GetValue(time) is { } text) Say(Parse(text), (await app.Services.GetRequiredService<IKeyStore>().LoadAsync(ct)).Now, app.Services.GetRequiredService<IOptions<AuthorityOptions>>().Value);
            await RunAsync(app.Services.GetRequiredService<AfterRestore>(), whose, list, parsed.GetValue(removed) ?? [], ct);
            return 0;
        }));
        return command;
    }

    private static async Task RunAsync(AfterRestore restore, string whose, List<SubjectId> list, string[] kids, CancellationToken ct)
    {
        await restore.BeginAsync(ct);
        Console.WriteLine("The revocation log has a new timeline.");
        foreach (var kid in kids) Console.WriteLine(await restore.RemoveKeyAsync(kid, ct) ? $"Signing key {kid} is removed." : $"There is no signing key {kid} that counts.");
        if (whose == Everyone)
        {
            await restore.EndEveryoneAsync(ct);
            Console.WriteLine("Everyone's sessions have ended, and the signing keys are replaced.");
        }

        if (whose == Listed)
        {
            var unknown = await restore.EndAsync(list, ct);
            Console.WriteLine($"The sessions of {list.Count - unknown.Count} accounts have ended.");
            foreach (var id in unknown) Console.WriteLine($"unknown here, newer than the backup or misspelt: {id.Value}");
        }

        Console.WriteLine("Start the server now.");
    }

    // A slip must not end everyone's sessions, nor nobody's.
    private static void Check(IReadOnlyList<string> rest)
    {
        for (var i = 0; i < rest.Count; i++)
        {
            if (!rest[i].StartsWith("--", StringComparison.Ordinal) || !rest[i].Contains(':', StringComparison.Ordinal))
                throw new ServerStartException($"'{rest[i]}' means nothing here. Try symbolon after-restore --help; settings follow as --Section:Key value.");
            if (!rest[i].Contains('=', StringComparison.Ordinal)) i++;
        }
    }

    private static DateTimeOffset Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) && (text[^1] == 'Z' || text[^6] is '+' or '-')
            ? at
            : throw new ServerStartException($"--backup-time '{text}' cannot be read. Write it as 2026-05-01T03:00:00Z, or with an offset.");

    private static void Say(DateTimeOffset backup, DateTimeOffset now, AuthorityOptions options)
    {
        if (backup > now) throw new ServerStartException($"--backup-time {backup:O} is in the future: the store's clock says {now:O}.");
        Console.WriteLine($"The backup is {(now - backup).TotalHours:0.0} hours old. What ended, changed or was removed since is not in it.");
        if (now - backup > options.Session.Absolute) Console.WriteLine($"warning: no session lives for longer than {options.Session.Absolute:c}: everybody has to log in anyway. Is the time right?");
    }

    private static List<SubjectId> Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LargestFile) throw new ServerStartException($"'{file}' is larger than 16 MiB. Split it, and run the command for each part.");
            var ids = File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            return ids.Find(id => id.Length > SubjectId.MaxLength) is { } wrong
                ? throw new ServerStartException($"'{wrong[..20]}…' in '{file}' is no account id: one id a line, of {SubjectId.MaxLength} characters at the most.")
                : [.. ids.Select(id => new SubjectId(id))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"'{file}' cannot be read: {e.Message}");
        }
    }
}
