using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Symbolon.Gateway.Rules;

/// <summary>Reads the rules' file: bounded before it is parsed, and nothing in it is ignored.</summary>
internal static class RulesYaml
{
    /// <summary>The largest file that is read, in characters.</summary>
    public const int MaxLength = 256 * 1024;

    private const int MaxDepth = 8;

    /// <summary>Reads rules.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="has">What the gateway was given beside keys, and so can promise.</param>
    /// <exception cref="RulesException">The rules are refused; the message says where and why.</exception>
    public static RouteRules Read(string text, RulesAbility has)
    {
        if (text.Length > MaxLength) throw new RulesException(1, 1, $"The file has over {MaxLength} characters.");
        var scanner = new Scanner(new StringReader(text));
        try
        {
            RequireShallow(new Parser(scanner));
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            if (yaml.Documents.Count != 1) throw new RulesException(1, 1, "Write one document that begins with 'rules:'. For no rules at all: rules: []");
            return RulesReader.Read(yaml.Documents[0].RootNode, has);
        }
        catch (YamlException e)
        {
            throw new RulesException(e.Start.Line, e.Start.Column, e.Message);
        }
        catch (Exception e) when (e is not RulesException)
        {
            // The parser also throws what it does not document, for example for a list that is not closed.
            throw new RulesException(scanner.CurrentPosition.Line, scanner.CurrentPosition.Column, $"This cannot be read as YAML, here or shortly before: {e.Message}");
        }
    }

    // The tree is built by recursion, so its depth is bounded first; anchors could make it larger than the text.
    private static void RequireShallow(Parser parser)
    {
        var depth = 0;
        while (parser.MoveNext())
        {
            if (parser.Current is not { } node) return;
            depth += node.NestingIncrease;
            if (depth > MaxDepth) throw Refused(node, "This is nested too deeply.");
            if (node is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw Refused(node, "Anchors and aliases are not read. Write the rule out.");
            if (node is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } }) throw Refused(node, "Tags are not read.");
        }
    }

    private static RulesException Refused(ParsingEvent at, string why) => new(at.Start.Line, at.Start.Column, why);
}

/// <summary>What the gateway can do beside checking signatures.</summary>
/// <param name="Feed">It has a feed: mode <c>revocable</c>.</param>
/// <param name="Live">It can ask: mode <c>live</c>.</param>
internal readonly record struct RulesAbility(bool Feed, bool Live);

/// <summary>Rules that are refused.</summary>
internal sealed class RulesException(long line, long column, string why) : Exception(why)
{
    /// <summary>Line, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>Column, from 1.</summary>
    public long Column { get; } = column;
}
