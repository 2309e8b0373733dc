using System.CommandLine;
using Symbolon.Server.Hosting;
using Symbolon.Storage.Copy;

namespace Symbolon.Server.Commands;

/// <summary><c>symbolon storage copy</c>: moves everything from one store to another. Reads the command line only: the settings of a server name one store, and this needs two.</summary>
internal static class StorageCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The store to read: \"sqlite:Data Source=symbolon.db\" or \"postgresql:Host=db;Database=symbolon;Username=symbolon\".", Required = true };
        var to = new Option<string>("--to") { Description = "The store to write, in the same form; made where there is none. It must be empty or an untouched copy of the same store.", Required = true };
        var online = new Option<bool>("--online") { Description = "Copies although a server uses the source: what it changes meanwhile is missing in the copy." };
        var replace = new Option<bool>("--replace") { Description = "Deletes whatever the target holds." };
        var copy = new Command("copy", "Copies a whole store into another and compares counts and checksums of what arrived. Exit code 1: the target is as it was.") { from, to, online, replace };
        copy.SetAction((parsed, ct) => Failure.GuardAsync(async () =>
        {
            var (source, target) = (StoreAddress.Parse("--from", parsed.GetRequiredValue(from)), StoreAddress.Parse("--to", parsed.GetRequiredValue(to)));
            var storeCopy = new StoreCopy(TimeProvider.System)
            {
                IsOnline = parsed.GetValue(online), Replaces = parsed.GetValue(replace), Copying = static () => Console.WriteLine("Copying, then comparing …"),
            };
            var report = await storeCopy.RunAsync(source, target, ct);
            Print(report);
            if (report.Differences.Any())
                return await Failure.ShowAsync($"What arrived in the target differs from the source in {string.Join(", ", report.Differences.Select(table => table.Name))}. The target is as it was.");
            Console.WriteLine();
            Console.WriteLine(parsed.GetValue(online)
                ? "The target holds what the source held when the copy began. Before the move stop the servers and run this again without --online."
                : "The target holds the same. Start the servers on it, with the same master keys, and none on the source any more.");
            return 0;
        }));
        return new Command("storage", "Stores: what holds sessions, accounts and keys.") { copy };
    }

    private static void Print(StoreCopyReport report)
    {
        Console.WriteLine($"{"table",-13} {"rows",10}  sha-256");
        foreach (var (name, source, target) in report.Tables)
        {
            Console.WriteLine($"{name,-13} {source.Rows,10}  {source.Sha256}");
            if (source != target) Console.WriteLine($"{"  arrived:",-13} {target.Rows,10}  {target.Sha256}");
        }
    }
}
