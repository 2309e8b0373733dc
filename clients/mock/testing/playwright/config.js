export default { testDir: '.', testMatch: 'count.js', workers: 1, reporter: 'line', outputDir: `${process.env.OUTPUT}` };
