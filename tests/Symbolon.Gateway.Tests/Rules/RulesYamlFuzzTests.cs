using System.Text;

namespace Symbolon.Gateway.Rules;

/// <summary>Whatever stands in the file, it is read or refused with a place: anything else would end the gateway.</summary>
public class RulesYamlFuzzTests
{
    private const int Rounds = 20_000;
    private const string Alphabet = " \n\t\"'\\:-?,[]{}#&*!|>%@`~0aUuxDF8/.<\r\u0085\u2028\uFEFF\uD800";

    private static readonly string[] Seeds =
    [
        "rules:\n  - path: /orders\n    methods: [POST, DELETE]\n    scopes: [orders.write]\n  - path: /public\n    public: true\n",
        "rules:\n  - path: /a\n    roles: [admin, \"a b\", 'c']\n    mode: revocable\n    max_staleness: 00:00:02\n    when_stale: deny\n",
        "rules: [\"\\UD800D800\"]", "rules:\n  - path: \"\\uD83D\\uDE00\"\n", "rules: [{path: /a, public: true}]", "%YAML 1.2\n---\nrules: []", "%TAG !e! tag:%ff\n---\nrules: []",
        "rules: [&a b, *a]", "rules: !!binary x", "!<%zz>", "rules:\n  - ? [a, b]\n    : c", "rules:\n  - <<: {path: /a}", "rules: |9\n  a", "rules: >0\n  a", "? a\n? a", "{", "---\n...\n---",
    ];

    [Fact]
    public void Read_ReadsOrRefusesWithAPlace_WhateverIsWritten()
    {
        var random = new Random(7);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
            for (var change = random.Next(0, 6); change > 0; change--)
            {
                var at = random.Next(text.Length + 1);
                var kind = random.Next(3);
                if (kind == 0) text.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                else if (kind == 1) text.Insert(at, Seeds[random.Next(Seeds.Length)]);
                else if (at < text.Length) text.Remove(at, 1);
            }

            Read(text.ToString());
        }
    }

    private static void Read(string text)
    {
        try
        {
            RulesYaml.Read(text, new RulesAbility(Feed: true, Live: true));
        }
        catch (RulesException e)
        {
            Assert.True(e is { Line: > 0, Column: > 0, Message.Length: > 0 }, $"{e.Line},{e.Column}: {e.Message} for {text}");
        }
        catch (Exception e)
        {
            Assert.Fail($"{e} for {text}");
        }
    }
}
