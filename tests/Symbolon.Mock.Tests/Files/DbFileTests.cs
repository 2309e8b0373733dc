using Symbolon.Mock.Files;

namespace Symbolon.Mock.Tests.Files;

public class DbFileTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { "[]", "1: the file must be an object of resources, but is an array" },
        { "{\"posts\":\n3}", "2: \"posts\" must be an array of objects or an object, but is a number" },
        { "{\"posts\": [\n{\"id\": 1},\n\"x\"]}", "3: \"posts\" must be an array of objects, but one entry is a text" },
        { "{\"posts\": [{\"id\": 1},\n{\"id\": \"1\"}]}", "2: \"posts\" has the id 1 twice, first in line 1" },
        { "{\"posts\": [{\"id\":\n[]}]}", "2: \"id\" must be a number or a text, but is an array" },
        { "{\n\"a/b\": {}}", "2: \"a/b\" cannot stand in an address: it must have no /, ?, #, \\ or %" },
        { "{\"db\": {}}", "1: \"db\" is taken: it answers everything at once" },
        { "{\"posts\": [],\n\"posts\": []}", "2: \"posts\" stands twice in one object, first in line 1" },
        { "{\"posts\": [\n{\"a\": 1,\n\"a\": 2}]}", "3: \"a\" stands twice in one object, first in line 2" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_SaysWhereAndWhat_WhenAFileIsWrong(string text, string expected) => Assert.Equal($"db.json:{expected}", FileText.Mistakes(DbFile.Parse("db.json", FileText.Bytes(text))));

    [Fact]
    public void Parse_ReadsCollectionsAndSingleResources()
    {
        var data = FileText.Value(DbFile.Parse("db.json", FileText.Bytes("""{"posts": [{"id": 1}, {"id": "b"}, {"title": "no id"}], "profile": {"name": "typicode"}}""")));
        Assert.Equal("""{"posts":[{"id":1},{"id":"b"},{"title":"no id"}],"profile":{"name":"typicode"}}""", data.ToJsonString());
    }
}
