using System.Text.Json.Nodes;
using Symbolon.Mock.Data;

namespace Symbolon.Mock.Tests.Data;

/// <summary>The query language that json-server 0.17 documents, row by row.</summary>
public class DataStoreTests
{
    private const string Start =
        """
        {
          "posts": [
            {"id": 1, "title": "json-server", "author": {"name": "typicode"}, "views": 100, "draft": false, "tags": ["a", "b"]},
            {"id": 2, "title": "Symbolon", "author": {"name": "ada"}, "views": 9, "draft": true, "tags": []},
            {"id": 3, "title": "json", "author": {"name": "ada"}, "views": 25},
            {"id": 4, "title": "Server", "views": null}
          ],
          "comments": [
            {"id": 1, "body": "nice", "postId": 1, "votes": 2},
            {"id": 2, "body": "meh", "postId": "1", "votes": 1},
            {"id": 3, "body": "ok", "postId": 2, "votes": 3}
          ],
          "reactions": [{"id": 7, "commentId": 1}, {"id": 8, "commentId": 3}],
          "categories": [{"id": "news", "name": "News"}],
          "stories": [{"id": 1, "categoryId": "news"}],
          "empty": [],
          "profile": {"name": "typicode", "city": "Paris"}
        }
        """;

    [Theory]
    [InlineData("posts", "1 2 3 4")]
    [InlineData("posts?title=json-server", "1")]
    [InlineData("posts?author.name=ada", "2 3")]
    [InlineData("posts?author.name=ada&views=9", "2")]
    [InlineData("posts?id=1&id=3", "1 3")]
    [InlineData("posts?draft=true", "2")]
    [InlineData("posts?tags.0=a", "1")]
    [InlineData("posts?nobody=1", "1 2 3 4")]
    [InlineData("posts?_=1234&callback=x", "1 2 3 4")]
    [InlineData("posts?title=", "")]
    [InlineData("posts?views_gte=25", "1 3")]
    [InlineData("posts?views_lte=25", "2 3")]
    [InlineData("posts?views_gte=9&views_lte=25", "2 3")]
    [InlineData("posts?title_gte=a", "1 3")]
    [InlineData("posts?id_ne=1", "2 3 4")]
    [InlineData("posts?id_ne=1&id_ne=2", "3 4")]
    [InlineData("posts?views_ne=9", "1 3")]
    [InlineData("posts?title_like=server", "1 4")]
    [InlineData("posts?title_like=^JSON$", "3")]
    [InlineData("posts?views_like=^1", "1")]
    [InlineData("posts?q=SERVER", "1 4")]
    [InlineData("posts?q=ada", "2 3")]
    [InlineData("posts?q=name", "")]
    [InlineData("posts?q=b", "1 2")]
    [InlineData("posts?_start=1&_end=99999999999", "2 3 4")]
    [InlineData("posts?_start=-99999999999&_limit=2", "1 2")]
    [InlineData("posts?_sort=views", "2 3 1 4")]
    [InlineData("posts?_sort=views&_order=desc", "4 1 3 2")]
    [InlineData("posts?_sort=title", "4 2 3 1")]
    [InlineData("posts?_sort=author.name,views&_order=asc,desc", "3 2 1 4")]
    [InlineData("posts?_sort=author.name,views&_order=desc", "4 1 2 3")]
    [InlineData("posts?_start=1&_end=3", "2 3")]
    [InlineData("posts?_start=1&_limit=2", "2 3")]
    [InlineData("posts?_limit=2", "1 2")]
    [InlineData("posts?_start=-2&_end=-1", "3")]
    [InlineData("posts?_start=9&_end=99", "")]
    [InlineData("posts?_page=1&_limit=3", "1 2 3")]
    [InlineData("posts?_page=2&_limit=3", "4")]
    [InlineData("posts?_page=3&_limit=3", "")]
    [InlineData("posts?_page=0&_limit=3", "1 2 3")]
    [InlineData("posts?_page=2147483647&_limit=2147483647", "")]
    [InlineData("posts/1/comments", "1 2")]
    [InlineData("posts/1/comments?_sort=votes", "2 1")]
    [InlineData("posts/1/comments?votes_gte=2", "1")]
    [InlineData("posts/99/comments", "")]
    [InlineData("categories/news/stories", "1")]
    public void Get_AnswersWhatIsAskedFor(string address, string ids) => Assert.Equal(ids, Ids(Ask("GET", address)));

    [Theory]
    [InlineData("posts?_page=1&_limit=3", 4, "first=1 next=2 last=2")]
    [InlineData("posts?_page=2&_limit=3", 4, "first=1 prev=1 last=2")]
    [InlineData("posts?_page=2&_limit=1", 4, "first=1 prev=1 next=3 last=4")]
    [InlineData("posts?_page=1", 4, "")]
    [InlineData("posts?_page=9", 4, "")]
    [InlineData("posts?_start=1&_end=2&views_gte=9", 3, "")]
    [InlineData("posts?_limit=1", 4, "")]
    public void Get_SaysHowManyThereAre_WhenAPartIsAskedFor(string address, int total, string links)
    {
        var answer = Ask("GET", address);
        Assert.Equal(total, answer.Total);
        Assert.Equal(links, string.Join(' ', (answer.Links?.All ?? []).Select(link => $"{link.Name}={link.Page}")));
    }

    [Fact]
    public void Get_TakesTenItemsOnAPage_WhenNoLimitIsGiven()
    {
        var store = new DataStore(new JsonObject { ["items"] = new JsonArray([.. Enumerable.Range(1, 12).Select(id => (JsonNode)new JsonObject { ["id"] = id })]) });
        Assert.Equal("11 12", Ids(store.Handle(Request("GET", "items?_page=2"))));
    }

    [Theory]
    [InlineData("comments/1?_expand=post", """{"id":1,"body":"nice","postId":1,"votes":2,"post":{"id":1,"title":"json-server","author":{"name":"typicode"},"views":100,"draft":false,"tags":["a","b"]}}""")]
    [InlineData("posts/2?_embed=comments", """{"id":2,"title":"Symbolon","author":{"name":"ada"},"views":9,"draft":true,"tags":[],"comments":[{"id":3,"body":"ok","postId":2,"votes":3}]}""")]
    [InlineData("stories?_expand=category", """[{"id":1,"categoryId":"news","category":{"id":"news","name":"News"}}]""")]
    [InlineData("categories?_embed=stories&_embed=nothing", """[{"id":"news","name":"News","stories":[{"id":1,"categoryId":"news"}]}]""")]
    [InlineData("profile", """{"name":"typicode","city":"Paris"}""")]
    [InlineData("posts/3", """{"id":3,"title":"json","author":{"name":"ada"},"views":25}""")]
    public void Get_JoinsRelations(string address, string expected) => Assert.Equal(expected, Ask("GET", address).Body!.ToJsonString());

    [Theory]
    [InlineData("GET", "nothing")]
    [InlineData("GET", "posts/99")]
    [InlineData("GET", "posts/1/nothing")]
    [InlineData("GET", "posts/1/comments/1")]
    [InlineData("GET", "profile/1")]
    [InlineData("GET", "")]
    [InlineData("POST", "posts/1")]
    [InlineData("PUT", "posts/99")]
    [InlineData("PATCH", "posts/99")]
    [InlineData("DELETE", "posts/99")]
    [InlineData("DELETE", "posts")]
    [InlineData("DELETE", "profile")]
    [InlineData("PUT", "posts")]
    public void Any_IsNotFound_WhenThereIsNoSuchThing(string method, string address)
    {
        var answer = Ask(method, address);
        Assert.Equal((404, "{}"), (answer.Status, answer.Body!.ToJsonString()));
    }

    [Theory]
    [InlineData("POST", "posts", """{"title":"new"}""", 201, """{"title":"new","id":5}""")]
    [InlineData("POST", "posts", """{"id":50,"title":"new"}""", 201, """{"id":50,"title":"new"}""")]
    [InlineData("POST", "empty", "{}", 201, """{"id":1}""")]
    [InlineData("POST", "categories", "{}", 201, """{"id":"new1"}""")]
    [InlineData("POST", "posts/2/comments", """{"body":"x"}""", 201, """{"body":"x","postId":2,"id":4}""")]
    [InlineData("POST", "profile", """{"a":1}""", 201, """{"a":1}""")]
    [InlineData("PUT", "posts/3", """{"id":9,"a":1}""", 200, """{"a":1,"id":3}""")]
    [InlineData("PATCH", "posts/3", """{"id":9,"a":1,"views":null}""", 200, """{"id":3,"title":"json","author":{"name":"ada"},"views":null,"a":1}""")]
    [InlineData("PUT", "profile", """{"a":1}""", 200, """{"a":1}""")]
    [InlineData("PATCH", "profile", """{"city":"Rome"}""", 200, """{"name":"typicode","city":"Rome"}""")]
    [InlineData("DELETE", "posts/1", "{}", 200, "{}")]
    public void Write_AnswersAndKeeps(string method, string address, string body, int status, string expected)
    {
        var store = Store();
        var answer = store.Handle(Request(method, address, body));
        Assert.Equal((status, expected), (answer.Status, answer.Body!.ToJsonString()));
        if (method == "DELETE") Assert.Equal(404, store.Handle(Request("GET", address)).Status);
        else Assert.Contains(expected, store.Snapshot().ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Post_IsRefused_WhenTheIdIsTaken()
    {
        var answer = Ask("POST", "posts", """{"id":"1"}""");
        Assert.Equal((409, "The id is taken: leave it out, and one is made."), (answer.Status, answer.Mistake));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public void Post_IsRefused_WhenTheIdCouldNotBeAskedFor(string id)
    {
        var answer = Ask("POST", "posts", $$"""{"id":{{id}}}""");
        Assert.Equal((400, "An id is a number or a text: leave it out, and one is made."), (answer.Status, answer.Mistake));
    }

    [Fact]
    public void Ids_MayHaveMoreDigitsThanAJavaScriptNumber()
    {
        var store = Store();
        foreach (var id in (string[])["1745678901234567890", "1745678901234567891"])
        {
            var made = store.Handle(Request("POST", "empty", $$"""{"id":{{id}}}"""));
            Assert.Equal((201, id), (made.Status, made.Location));
            Assert.Equal(id, store.Handle(Request("GET", $"empty/{id}")).Body!["id"]!.ToJsonString());
        }

        var next = store.Handle(Request("POST", "empty")).Location!;
        Assert.Equal(409, store.Handle(Request("POST", "empty", $$"""{"id":{{next}}}""")).Status);
        Assert.Equal(3, store.Handle(Request("GET", "empty")).Body!.AsArray().Select(item => item!["id"]!.ToJsonString()).Distinct().Count());
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740994")]
    [InlineData("9223372036854775807", "new1")]
    [InlineData("1e300", "new1")]
    public void NewId_IsFree_WhenTheGreatestIsBeyondAJavaScriptNumber(string greatest, string next)
    {
        var store = Store();
        store.Handle(Request("POST", "empty", $$"""{"id":{{greatest}}}"""));
        Assert.Equal(next, store.Handle(Request("POST", "empty")).Location);
    }

    [Fact]
    public void Delete_FollowsALongLineOfDescendants()
    {
        const int Many = 50_000;
        var store = new DataStore(new JsonObject { ["nodes"] = new JsonArray([.. Enumerable.Range(1, Many).Select(id => (JsonNode)new JsonObject { ["id"] = id, ["nodeId"] = id - 1 }), new JsonObject { ["id"] = 0, ["nodeId"] = "own" }]) });
        Assert.Equal(200, store.Handle(Request("DELETE", "nodes/1")).Status);
        Assert.Equal("0", Ids(store.Handle(Request("GET", "nodes"))));
    }

    [Fact]
    public void Delete_RemovesDependents_AndTheirs()
    {
        var store = Store();
        store.Handle(Request("DELETE", "posts/1"));
        Assert.Equal("3", Ids(store.Handle(Request("GET", "comments"))));
        Assert.Equal("8", Ids(store.Handle(Request("GET", "reactions"))));
    }

    [Theory]
    [InlineData("posts?title_like=(")]
    [InlineData("posts?text_like=^(a%2B)%2B$")]
    public void Get_IsRefused_WhenAPatternCannotBeUsed(string address)
    {
        var store = Store();
        store.Handle(Request("POST", "posts", $$"""{"text":"{{new string('a', 40)}}!"}"""));
        Assert.Equal(400, store.Handle(Request("GET", address)).Status);
    }

    [Fact]
    public void Answers_AreCopies()
    {
        var store = Store();
        store.Handle(Request("GET", "posts/1")).Body!["title"] = "changed";
        Assert.Equal("json-server", store.Handle(Request("GET", "posts/1")).Body!["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task Post_LosesNothing_WhenManyComeAtOnce()
    {
        var store = Store();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => store.Handle(Request("POST", "empty")))));
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 100)), Ids(store.Handle(Request("GET", "empty"))));
    }

    private static DataStore Store() => new(JsonNode.Parse(Start)!.AsObject());

    private static DataAnswer Ask(string method, string address, string body = "{}") => Store().Handle(Request(method, address, body));

    private static string Ids(DataAnswer answer) => string.Join(' ', answer.Body!.AsArray().Select(item => item!["id"]));

    private static DataRequest Request(string method, string address, string body = "{}")
    {
        var parts = address.Split('?');
        var query = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=')).Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1]))).ToList();
        return new DataRequest(method, parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries), query) { Body = JsonNode.Parse(body)!.AsObject() };
    }
}
