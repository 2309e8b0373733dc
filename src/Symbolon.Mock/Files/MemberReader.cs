using System.Text.Json;

namespace Symbolon.Mock.Files;

/// <summary>Takes the members of one object, and notes what is wrong with them: the type, the length, a name that is not known.</summary>
/// <param name="file">The file's name, for the mistakes.</param>
/// <param name="of">The object.</param>
/// <param name="mistakes">Where mistakes are added.</param>
internal sealed class MemberReader(string file, JsonSpot of, List<MockFileMistake> mistakes)
{
    /// <summary>The line of a member's value, or of the object when it is not there.</summary>
    public int LineOf(string name) => of.Member(name)?.Value.Line ?? of.Line;

    /// <summary>Whether the member is there.</summary>
    public bool Has(string name) => of.Member(name) is not null;

    /// <summary>Notes every member that has another name: mostly a slip of the pen, and ignoring it would leave something open.</summary>
    public void RefuseOthers(string what, params ReadOnlySpan<string> known)
    {
        foreach (var member in of.Members)
        {
            if (known.Contains(member.Name)) continue;
            var meant = Typo.Meant(member.Name, known);
            Refuse(member.Line, $"\"{member.Name}\" is no member of {what}{(meant is null ? "" : $"; did you mean \"{meant}\"?")} (known: {string.Join(", ", known!)})");
        }
    }

    /// <summary>A text, or null when it is not there or wrong.</summary>
    public string? Text(string name, int most) => Of(name, JsonValueKind.String, "a text") is not { } value ? null
        : value.Text.Length is 0 || value.Text.Length > most ? Refuse<string>(value, $"\"{name}\" must have 1 to {most} characters, but has {value.Text.Length}")
        : value.Text.Any(char.IsControl) ? Refuse<string>(value, $"\"{name}\" holds a control character")
        : value.Text;

    /// <summary>A list of different texts, or null when it is not there or wrong.</summary>
    /// <param name="name">The member.</param>
    /// <param name="isOne">Whether a text may be an entry.</param>
    /// <param name="what">What an entry is, in words.</param>
    public IReadOnlyList<string>? Texts(string name, Func<string, bool> isOne, string what)
    {
        if (Of(name, JsonValueKind.Array, "an array of texts") is not { } list) return null;
        var texts = new List<string>();
        foreach (var item in list.Items)
        {
            if (item.Kind != JsonValueKind.String) Refuse(item.Line, $"\"{name}\" must be an array of texts, but one entry is {item.Words}");
            else if (!isOne(item.Text)) Refuse(item.Line, $"\"{name}\" has \"{item.Text}\", which is not {what}");
            else if (texts.Contains(item.Text, StringComparer.OrdinalIgnoreCase)) Refuse(item.Line, $"\"{name}\" has \"{item.Text}\" twice");
            else texts.Add(item.Text);
        }

        return texts;
    }

    /// <summary>True or false; null when it is not there or wrong.</summary>
    public bool? Flag(string name) => of.Member(name)?.Value is not { } value ? null
        : value.Kind is JsonValueKind.True or JsonValueKind.False ? value.Kind == JsonValueKind.True
        : Refuse<bool?>(value, $"\"{name}\" must be true or false, but is {value.Words}");

    /// <summary>A whole number; null when it is not there or wrong.</summary>
    public int? Number(string name, int least, int most) => Of(name, JsonValueKind.Number, "a number") is not { } value ? null
        : new Utf8JsonReader(value.Raw.Span) is var reader && reader.Read() && reader.TryGetInt32(out var number) && number >= least && number <= most ? number
        : Refuse<int?>(value, $"\"{name}\" must be a whole number from {least} to {most}");

    /// <summary>Any value; null when it is not there.</summary>
    public JsonSpot? Any(string name) => of.Member(name)?.Value;

    /// <summary>Notes a mistake.</summary>
    public void Refuse(int line, string message) => mistakes.Add(new(file, line, message));

    private JsonSpot? Of(string name, JsonValueKind kind, string expected) => of.Member(name)?.Value is not { } value ? null
        : value.Kind == kind ? value
        : Refuse<JsonSpot>(value, $"\"{name}\" must be {expected}, but is {value.Words}");

    private T? Refuse<T>(JsonSpot at, string message)
    {
        Refuse(at.Line, message);
        return default;
    }
}
