"""What pipeline source imports: dlt and pyspark.pipelines, building definitions."""
