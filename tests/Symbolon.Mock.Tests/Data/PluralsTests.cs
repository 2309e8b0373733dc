using Symbolon.Mock.Data;

namespace Symbolon.Mock.Tests.Data;

public class PluralsTests
{
    [Theory]
    [InlineData("posts", "post")]
    [InlineData("categories", "category")]
    [InlineData("boxes", "box")]
    [InlineData("classes", "class")]
    [InlineData("branches", "branch")]
    [InlineData("houses", "house")]
    [InlineData("people", "person")]
    [InlineData("blogPosts", "blogPost")]
    [InlineData("salesPeople", "salesPerson")]
    [InlineData("children", "child")]
    [InlineData("movies", "movie")]
    [InlineData("statuses", "status")]
    [InlineData("news", "news")]
    [InlineData("glass", "glass")]
    [InlineData("post", "post")]
    public void Singular_IsWhatPeopleCallOne(string many, string one) => Assert.Equal(one, Plurals.Singular(many));
}
