using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Symbolon.Server.Hosting;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon clients add</c>: makes a client's secret and prints the settings that make the client. Changes nothing itself: clients stand in the configuration.</summary>
internal static class ClientsCommand
{
    private const int SecretBytes = 32;
    private const string BuiltIn = "web";

    public static Command Create()
    {
        var id = new Option<string>("--id") { Description = "The client's id: letters, digits, . _ ~ -", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = "A scope that it may have; once for each. With revocations it may follow the revocation log and introspect." };
        var audiences = new Option<string[]>("--audience") { Description = "An audience of its access tokens, instead of Symbolon:Audience; once for each." };
        var add = new Command("add", "Makes the secret of a new client and prints both, with the settings to paste. The secret is shown once.") { id, scopes, audiences };
        add.TreatUnmatchedTokensAsErrors = false;
        add.SetAction((parsed, _) => Failure.GuardAsync(() =>
        {
            Check(parsed.UnmatchedTokens);
            var taken = Composition.Configure([.. parsed.UnmatchedTokens]).Configuration.GetSection("Symbolon:Clients").GetChildren().ToList();
            var client = new NewClient(parsed.GetRequiredValue(id), parsed.GetValue(scopes) ?? [], parsed.GetValue(audiences) ?? []);
            Check(client, taken);
            Print(client, NextIndex(taken));
            return Task.FromResult(0);
        }));
        return new Command("clients", "Clients: services, gateways and back ends with a secret.") { add };
    }

    // Settings may follow (--Symbolon:A value). Anything else is a slip, and what was meant would be missing from a client whose secret is shown once.
    private static void Check(IReadOnlyList<string> rest)
    {
        for (var i = 0; i < rest.Count; i++)
        {
            if (!rest[i].StartsWith("--", StringComparison.Ordinal) || !rest[i].Contains(':', StringComparison.Ordinal))
                throw new ServerStartException($"'{rest[i]}' means nothing here. Write --id once, --scope and --audience once for each, then settings as --Section:Key value.");
            if (!rest[i].Contains('=', StringComparison.Ordinal)) i++;
        }
    }

    private static void Check(NewClient client, IReadOnlyList<IConfigurationSection> taken)
    {
        if (client.Id.Length is 0 or > 128 || !client.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '-'))
            throw new ServerStartException("--id must have 1 to 128 letters, digits, dots, underscores, tildes or hyphens.");
        if (client.Id == BuiltIn) throw new ServerStartException($"{BuiltIn} is the public client that is always there; with a secret nobody could log in by it. Choose another --id.");
        if (taken.Any(section => section["Id"] == client.Id))
            throw new ServerStartException($"The client '{client.Id}' is configured already. Choose another --id; or take it out first, to give it a new secret.");
        if (client.Scopes.FirstOrDefault(scope => scope.Length == 0 || scope.Any(c => c is < '!' or > '~' or '"' or '\\')) is { } scope)
            throw new ServerStartException($"--scope '{scope}' must be one name without spaces, quotes and backslashes. Write --scope once for each.");
        if (client.Audiences.Any(string.IsNullOrWhiteSpace)) throw new ServerStartException("--audience must not be empty.");
    }

    // Behind those that are configured; their numbers need not follow each other.
    private static int NextIndex(IReadOnlyList<IConfigurationSection> taken) =>
        taken.Select(section => int.TryParse(section.Key, out var i) ? i + 1 : 0).Append(0).Max();

    private static void Print(NewClient client, int index)
    {
        var secret = "scs_" + System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
        Console.WriteLine($"id      {client.Id}");
        Console.WriteLine($"secret  {secret}");
        Console.WriteLine();
        Console.WriteLine("The secret is shown this once; the authority keeps its hash only. Give the authority one of these, and start it again.");
        Console.WriteLine();
        Console.WriteLine($"appsettings.json{(index > 0 ? ", as another one in the list" : "")}:");
        Console.WriteLine();
        Console.WriteLine(Json(client, hash));
        Console.WriteLine();
        Console.WriteLine("environment:");
        Console.WriteLine();
        foreach (var (key, value) in Settings(client, hash)) Console.WriteLine($"export Symbolon__Clients__{index}__{key}={Quoted(value)}");
    }

    private static IEnumerable<(string Key, string Value)> Settings(NewClient client, string hash) =>
    [
        ("Id", client.Id), ("SecretHash", hash),
        .. client.Scopes.Select((scope, i) => ($"Scopes__{i}", scope)), .. client.Audiences.Select((audience, i) => ($"Audiences__{i}", audience)),
    ];

    private static string Json(NewClient client, string hash)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartObject("Symbolon");
            json.WriteStartArray("Clients");
            json.WriteStartObject();
            json.WriteString("Id", client.Id);
            json.WriteString("SecretHash", hash);
            Write(json, "Scopes", client.Scopes);
            Write(json, "Audiences", client.Audiences);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/') ? value : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private sealed record NewClient(string Id, IReadOnlyList<string> Scopes, IReadOnlyList<string> Audiences);
}
