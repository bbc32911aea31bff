/*
 * replay.c
 *	  Runs a fuzz target over the inputs kept in its corpus (CORPUS, a folder), as TAP: a point an
 *	  input. A crash ends the test without its plan, which is a failure; its input is the one after the last point.
 */
#include <dirent.h>

#include "fuzz.h"

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
main(void)
{
	struct dirent **entry;
	int			count = scandir(CORPUS, &entry, NULL, by_name);
	int			points = 0;

	for (int i = 0; i < count; i++)
	{
		char		path[4096];
		FILE	   *file;
		uint8_t    *data;
		size_t		size;

		if (entry[i]->d_name[0] == '.')
		{
			free(entry[i]);
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", CORPUS, entry[i]->d_name);
		file = fopen(path, "rb");
		must(file != NULL);
		data = malloc(1 << 20);
		size = fread(data, 1, 1 << 20, file);
		fclose(file);
		data = realloc(data, size + (size == 0));	/* so that its end is the end */
		LLVMFuzzerTestOneInput(data, size);
		free(data);
		printf("ok %d - %s\n", ++points, entry[i]->d_name);
		fflush(stdout);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
	printf("1..%d\n", points);
	fflush(stdout);
	return points == 0;
}
